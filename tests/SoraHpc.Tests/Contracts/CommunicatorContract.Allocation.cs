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

    // A pool may still grow when ranks are scheduled as they never were before, so what counts is the best of a few measurements: a
    // step that allocates by itself does so in all of them.
    private static void AllocatesNothing(Communicator comm, Action step)
    {
        const int Steps = 200, Measurements = 5;
        long least = long.MaxValue;
        for (int measurement = 0; measurement <= Measurements; measurement++)
        {
            comm.Barrier();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Steps; i++)
                step();
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (measurement > 0)                    // the first fills pools and compiles methods
                least = Math.Min(least, allocated);
        }
        comm.Barrier();
        Assert.That(least, Is.Zero, $"bytes allocated by {Steps} steps");
    }
}
