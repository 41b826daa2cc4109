using System.Diagnostics;
using System.Numerics;
using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Block_collectives_move_every_type_for_every_root([Sizes] int size) => OnEveryRank(size, comm =>
    {
        MoveBlocks(comm, i => (sbyte)i);
        MoveBlocks(comm, i => (byte)i);
        MoveBlocks(comm, i => (short)-i);
        MoveBlocks(comm, i => (ushort)i);
        MoveBlocks(comm, i => (char)i);
        MoveBlocks(comm, i => -i);
        MoveBlocks(comm, i => (uint)i);
        MoveBlocks(comm, i => (long)i << 40);
        MoveBlocks(comm, i => (ulong)i << 50);
        MoveBlocks(comm, i => (nint)i);
        MoveBlocks(comm, i => i + 0.5f);
        MoveBlocks(comm, i => i - 0.25);
        MoveBlocks(comm, i => new Complex(i, -i));
        MoveBlocks(comm, i => i % 3 == 0);
        MoveBlocks(comm, i => (DayOfWeek)(i % 7));
        MoveBlocks(comm, i => new Located<double>(i, -i));
        MoveBlocks(comm, Padded.From);
    });

    [Test]
    public void Text_of_any_root_reaches_every_rank([Sizes] int size, [Values("", "λ max/mean ≤ 1", null)] string? text) => OnEveryRank(size, comm =>
    {
        for (int root = 0; root < comm.Size; root++)
            Assert.That(comm.Broadcast(comm.Rank == root ? text : "another text, which nobody hears", root), Is.EqualTo(text ?? ""));
    });

    [Test]
    public void Block_collectives_of_no_elements_complete([Sizes] int size) => OnEveryRank(size, comm =>
    {
        int[] none = [];
        comm.Broadcast<int>(none, comm.Size - 1);
        comm.Gather<int>(none, none);
        comm.Scatter<int>(none, none);
        comm.Allgather<int>(none, none);
        comm.Alltoall<int>(none, none);
        comm.Allreduce<int>(none, none, ReduceOperation.Sum);
        comm.Reduce<int>(none, none, ReduceOperation.Max, comm.Size - 1);
        comm.Scan<int>(none, none, ReduceOperation.Sum);
        comm.Exscan<int>(none, none, ReduceOperation.Sum);
        comm.ReduceScatter<int>(none, none, ReduceOperation.Sum);
        int[] zeros = new int[comm.Size];
        comm.Gatherv<int>(none, none, zeros);
        comm.Scatterv<int>(none, zeros, none);
        comm.Allgatherv<int>(none, none, zeros);
        comm.Alltoallv<int>(none, zeros, none, zeros);
        Assert.That(comm.Allgatherv<int>(none), Is.Empty);
    });

    [Test]
    public void Counted_collectives_move_uneven_and_empty_shares([Sizes] int size) => OnEveryRank(size, comm =>
    {
        static int CountOf(int rank) => rank * rank % 5;        // 0, 1, 4, 4, 1, 0, 1, 4
        int[] counts = Fill(comm.Size, CountOf);
        double[] mine = Fill(CountOf(comm.Rank), i => comm.Rank * 100.0 + i);
        double[] all = [.. Enumerable.Range(0, comm.Size).SelectMany(r => Fill(CountOf(r), i => r * 100.0 + i))];
        double[] whole = new double[all.Length];
        comm.Allgatherv<double>(mine, whole, counts);
        Assert.That(whole, Is.EqualTo(all).AsCollection);
        Assert.That(comm.Allgatherv<double>(mine), Is.EqualTo(all).AsCollection, "computed counts");
        for (int root = 0; root < comm.Size; root++)
        {
            double[] gathered = new double[comm.Rank == root ? all.Length : 0], share = new double[mine.Length];
            comm.Gatherv<double>(mine, gathered, counts, root);
            Assert.That(comm.Gatherv<double>(mine, root), Is.EqualTo(gathered).AsCollection, "computed counts equal given ones");
            Assert.That(gathered, Is.EqualTo(comm.Rank == root ? all : []).AsCollection);
            comm.Scatterv<double>(gathered, counts, share, root);
            Assert.That(share, Is.EqualTo(mine).AsCollection);
        }
    });

    [Test]
    public void Alltoallv_sends_each_pair_its_own_length([Sizes] int size) => OnEveryRank(size, comm =>
    {
        static int CountOf(int from, int to) => (from + 2 * to) % 4;
        int[] sendCounts = Fill(comm.Size, to => CountOf(comm.Rank, to)), receiveCounts = Fill(comm.Size, from => CountOf(from, comm.Rank));
        int[] send = [.. Enumerable.Range(0, comm.Size).SelectMany(to => Fill(CountOf(comm.Rank, to), i => comm.Rank * 10_000 + to * 100 + i))];
        int[] expected = [.. Enumerable.Range(0, comm.Size).SelectMany(from => Fill(CountOf(from, comm.Rank), i => from * 10_000 + comm.Rank * 100 + i))];
        int[] receive = new int[expected.Length];
        comm.Alltoallv<int>(send, sendCounts, receive, receiveCounts);
        Assert.That(receive, Is.EqualTo(expected).AsCollection);
        Array.Clear(receive);
        Request started = comm.StartAlltoallv<int>(send, sendCounts, receive, receiveCounts);
        Array.Clear(sendCounts);                                // the counts were copied
        started.Wait();
        Assert.That(receive, Is.EqualTo(expected).AsCollection);
    });

    [Test]
    public void Started_collectives_overlap_and_complete_in_any_order([Sizes] int size) => OnEveryRank(size, comm =>
    {
        int last = comm.Size - 1;
        int[] broadcast = [comm.Rank == last ? 77 : 0], sum = new int[1], all = new int[comm.Size], gathered = new int[comm.Size], share = new int[1];
        int[] exchanged = new int[comm.Size], prefix = new int[1], before = new int[1], reduced = new int[1], block = new int[1];
        int[] mine = [comm.Rank], numbers = Fill(comm.Size, i => i + 10 * comm.Rank);
        Request[] requests =
        [
            comm.StartBroadcast<int>(broadcast, last),
            comm.StartAllreduce<int>(mine, sum, ReduceOperation.Sum),
            comm.StartAllgather<int>(mine, all),
            comm.StartGather<int>(mine, gathered, last),
            comm.StartScatter<int>(numbers, share, last),
            comm.StartAlltoall<int>(numbers, exchanged),
            comm.StartScan<int>(mine, prefix, ReduceOperation.Sum),
            comm.StartExscan<int>(mine, before, ReduceOperation.Sum),
            comm.StartReduce<int>(mine, reduced, ReduceOperation.Max, last),
            comm.StartReduceScatter<int>(numbers, block, ReduceOperation.Sum),
            comm.StartBarrier(),
        ];
        for (int i = requests.Length - 1; i >= 0; i--)
            requests[i].Wait();
        int triangle = last * comm.Size / 2;
        Assert.That((broadcast[0], sum[0], share[0], prefix[0]), Is.EqualTo((77, triangle, comm.Rank + 10 * last, comm.Rank * (comm.Rank + 1) / 2)));
        Assert.That(all, Is.EqualTo(Fill(comm.Size, i => i)).AsCollection);
        Assert.That(exchanged, Is.EqualTo(Fill(comm.Size, from => comm.Rank + 10 * from)).AsCollection);
        Assert.That(block[0], Is.EqualTo(comm.Size * comm.Rank + 10 * triangle));
        if (comm.Rank > 0)
            Assert.That(before[0], Is.EqualTo(comm.Rank * (comm.Rank - 1) / 2));
        if (comm.Rank == last)
        {
            Assert.That(gathered, Is.EqualTo(all).AsCollection);
            Assert.That(reduced[0], Is.EqualTo(last));
        }
    });

    [Test]
    public void Started_collective_completes_while_others_do_something_else([Pairs] int size) => OnEveryRank(size, comm =>
    {
        int[] sum = new int[1];
        Request started = comm.StartAllreduce<int>(new[] { 1 }, sum, ReduceOperation.Sum);
        // Nobody waits for the sum before rank 0 has passed its message round the ring.
        if (comm.Rank > 0)
            comm.Receive<int>(comm.Rank - 1);
        comm.Send(1, (comm.Rank + 1) % comm.Size);
        if (comm.Rank == 0)
            comm.Receive<int>(comm.Size - 1);
        started.Wait();
        Assert.That(sum[0], Is.EqualTo(comm.Size));
    });

    [Test]
    public void Barrier_holds_everybody_back_until_the_last_comes([Pairs] int size) => OnEveryRank(size, comm =>
    {
        for (int late = 0; late < comm.Size; late++)
        {
            if (comm.Rank == late)
                Thread.Sleep(20);
            long entered = Stopwatch.GetTimestamp();        // one clock for all ranks of a machine
            comm.Barrier();
            long left = Stopwatch.GetTimestamp();
            Assert.That(comm.Allreduce(entered, ReduceOperation.Max), Is.LessThanOrEqualTo(comm.Allreduce(left, ReduceOperation.Min)));
        }
    });

    private static void MoveBlocks<T>(Communicator comm, Func<int, T> element) where T : unmanaged
    {
        const int Share = 3;
        T[] Of(int rank) => Fill(Share, i => element(rank * 10 + i));
        T[] all = [.. Enumerable.Range(0, comm.Size).SelectMany(Of)];
        for (int root = 0; root < comm.Size; root++)
            MoveFromAndTo(comm, root, Of, all);

        T[] whole = new T[all.Length];
        comm.Allgather<T>(Of(comm.Rank), whole);
        Assert.That(whole, Is.EqualTo(all).AsCollection);
        Array.Clear(whole);
        Of(comm.Rank).CopyTo(whole, comm.Rank * Share);
        comm.Allgather<T>(whole);
        Assert.That(whole, Is.EqualTo(all).AsCollection, "in place");

        T[] send = [.. Enumerable.Range(0, comm.Size).SelectMany(to => Fill(2, i => element(comm.Rank * 7 + to + i)))];
        T[] expected = [.. Enumerable.Range(0, comm.Size).SelectMany(from => Fill(2, i => element(from * 7 + comm.Rank + i)))];
        T[] receive = new T[send.Length];
        comm.Alltoall<T>(send, receive);
        Assert.That(receive, Is.EqualTo(expected).AsCollection);
        comm.Alltoall<T>(send);
        Assert.That(send, Is.EqualTo(expected).AsCollection, "in place");
    }

    private static void MoveFromAndTo<T>(Communicator comm, int root, Func<int, T[]> of, T[] all) where T : unmanaged
    {
        bool isRoot = comm.Rank == root;
        T[] mine = of(comm.Rank), data = isRoot ? of(root) : new T[mine.Length];
        comm.Broadcast<T>(data, root);
        Assert.That(data, Is.EqualTo(of(root)).AsCollection);

        T[] gathered = new T[isRoot ? all.Length : 0];
        comm.Gather<T>(mine, gathered, root);
        Assert.That(gathered, Is.EqualTo(isRoot ? all : []).AsCollection);
        T[] inPlace = isRoot ? new T[all.Length] : mine;
        if (isRoot)
            mine.CopyTo(inPlace, root * mine.Length);
        comm.GatherInPlace<T>(inPlace, root);
        Assert.That(inPlace, Is.EqualTo(isRoot ? all : mine).AsCollection);

        T[] share = new T[mine.Length];
        comm.Scatter<T>(gathered, share, root);
        Assert.That(share, Is.EqualTo(mine).AsCollection);
        T[] scattered = isRoot ? all : new T[mine.Length];
        comm.ScatterInPlace<T>(scattered, root);
        Assert.That(scattered, Is.EqualTo(isRoot ? all : mine).AsCollection);
    }
}
