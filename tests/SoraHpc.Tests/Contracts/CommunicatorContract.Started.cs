using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Started_counted_collectives_move_what_the_blocking_ones_do([Sizes] int size) => OnEveryRank(size, comm =>
    {
        static int CountOf(int rank) => rank * rank % 5;
        int root = comm.Size - 1;
        int[] counts = Fill(comm.Size, CountOf);
        double[] mine = Fill(CountOf(comm.Rank), i => comm.Rank * 100.0 + i);
        double[] expected = [.. Enumerable.Range(0, comm.Size).SelectMany(r => Fill(CountOf(r), i => r * 100.0 + i))];
        double[] gathered = new double[comm.Rank == root ? expected.Length : 0], all = new double[expected.Length];
        double[] handedOut = new double[mine.Length], reduced = new double[mine.Length];

        Request[] started =
        [
            comm.StartGatherv<double>(mine, gathered, counts, root),
            comm.StartAllgatherv<double>(mine, all, counts),
            comm.StartScatterv<double>(comm.Rank == root ? expected : [], counts, handedOut, root),
            comm.StartReduceScatterv<double>(expected, reduced, counts, ReduceOperation.Sum),
        ];
        Array.Clear(counts);                        // the counts were copied
        Request.WaitAll(started);

        Assert.That(gathered, Is.EqualTo(comm.Rank == root ? expected : []));
        Assert.That(all, Is.EqualTo(expected));
        Assert.That(handedOut, Is.EqualTo(mine));
        Assert.That(reduced, Is.EqualTo(mine.Select(value => value * comm.Size)));
    });

    [Test]
    public void Started_neighbourhood_allgather_on_a_ring_brings_both_neighbours([Values(3, 5)] int size) => OnEveryRank(size, comm =>
    {
        using Communicator ring = comm.CreateCartesian([comm.Size], [true])!;
        int[] received = new int[2];

        ring.StartNeighborAllgather<int>(new[] { ring.Rank }, received).Wait();

        Assert.That(received, Is.EqualTo(new[] { (ring.Rank + size - 1) % size, (ring.Rank + 1) % size }));
    });

    [Test]
    public void Self_is_this_rank_alone_and_takes_no_other_rank_to_make([Sizes] int size) => OnEveryRank(size, comm =>
    {
        if (comm.Rank % 2 == 1)
            return;                                 // made without them
        using Communicator self = comm.Self();

        self.Barrier();
        Assert.That((self.Size, self.Rank, self.WorldRank), Is.EqualTo((1, 0, comm.WorldRank)));
        Assert.That(self.Allreduce(comm.Rank + 7, ReduceOperation.Sum), Is.EqualTo(comm.Rank + 7));
        Assert.That(self.Allgather(comm.Rank), Is.EqualTo(new[] { comm.Rank }));
    });
}
