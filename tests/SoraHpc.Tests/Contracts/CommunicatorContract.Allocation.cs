using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Ping_pong_allocates_nothing([Values(1, 10_000)] int length) => OnEveryRank(2, comm =>
    {
        double[] data = new double[length];
        AllocatesNothing(comm, () =>
        {
            if (comm.Rank == 0)
                comm.Send<double>(data, 1);
            comm.Receive<double>(data, 1 - comm.Rank);
            if (comm.Rank == 1)
                comm.Send<double>(data, 0);
        });
    });

    [Test]
    public void Collectives_allocate_nothing([Values(2, 3)] int size, [Values(1, 10_000)] int length) => OnEveryRank(size, comm =>
    {
        double[] send = new double[length], receive = new double[length], all = new double[length * comm.Size];
        int[] counts = Fill(comm.Size, _ => length);
        AllocatesNothing(comm, () =>
        {
            comm.Barrier();
            comm.Broadcast<double>(send);
            comm.Allreduce<double>(send, receive, ReduceOperation.Sum);
            comm.Allgather<double>(send, all);
            comm.Allgatherv<double>(send, all, counts);
            comm.StartAllreduce<double>(send, receive, ReduceOperation.Max).Wait();
        });
    });

    [Test]
    public void Persistent_exchange_allocates_nothing([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        double[] send = new double[100], receive = new double[100];
        int peer = comm.Size - 1 - comm.Rank;
        using PersistentRequest sending = comm.CreateSend<double>(send, peer), receiving = comm.CreateReceive<double>(receive, peer);
        Request[] both = new Request[2];
        AllocatesNothing(comm, () =>
        {
            both[0] = receiving.Start();
            both[1] = sending.Start();
            Request.WaitAll(both);
        });
    });

    private static void AllocatesNothing(Communicator comm, Action step)
    {
        const int Steps = 200;
        long least = Allocations.Least(step, Steps);
        comm.Barrier();
        Assert.That(least, Is.Zero, $"bytes allocated by {Steps} steps");
    }
}
