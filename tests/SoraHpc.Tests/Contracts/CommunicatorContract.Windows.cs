using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Put_and_get_between_fences_reach_the_neighbours([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using Window<double> window = comm.AllocateWindow<double>(2 * comm.Size);
        Assert.That(window.Local.ToArray(), Is.All.EqualTo(0.0));
        window.Fence();
        for (int target = 0; target < comm.Size; target++)
            window.Put(new[] { comm.Rank + 0.5, -comm.Rank }, target, 2 * comm.Rank);
        window.Fence();
        Assert.That(window.Local.ToArray(), Is.EqualTo(Fill(2 * comm.Size, i => i % 2 == 0 ? i / 2 + 0.5 : -(i / 2))).AsCollection);
        double[] got = new double[2];
        window.Get(got, (comm.Rank + 1) % comm.Size, 2 * comm.Rank);
        window.Fence();
        Assert.That(got, Is.EqualTo(new[] { comm.Rank + 0.5, -comm.Rank }).AsCollection);
    });

    [Test]
    public void Accumulate_from_all_ranks_loses_nothing([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using Window<int> counters = comm.AllocateWindow<int>(comm.Rank == 0 ? 3 : 0);
        using Window<double> sums = comm.AllocateWindow<double>(comm.Rank == 0 ? 1 : 0);
        int[] ones = [1, 2, 3];
        counters.LockAll();
        sums.LockAll();
        for (int i = 0; i < 200; i++)
        {
            counters.Accumulate(ones, 0, 0, ReduceOperation.Sum);
            sums.Accumulate(new[] { 0.5 }, 0, 0, ReduceOperation.Sum);
        }
        sums.UnlockAll();
        counters.UnlockAll();
        comm.Barrier();
        if (comm.Rank != 0)
            return;
        counters.Lock(0);
        sums.Lock(0);
        Assert.That(counters.Local.ToArray(), Is.EqualTo(new[] { 200 * comm.Size, 400 * comm.Size, 600 * comm.Size }).AsCollection);
        Assert.That(sums.Local[0], Is.EqualTo(100.0 * comm.Size));
        sums.Unlock(0);
        counters.Unlock(0);
    });

    [Test]
    public void Fetch_and_add_hands_out_each_number_once([Sizes] int size) => OnEveryRank(size, comm =>
    {
        const int Each = 100;
        using Window<long> counter = comm.AllocateWindow<long>(comm.IsRoot ? 1 : 0);
        long[] mine = new long[Each];
        counter.LockAll();
        for (int i = 0; i < Each; i++)
            mine[i] = counter.FetchAndOperate(1, 0, 0, ReduceOperation.Sum);
        Assert.That(counter.FetchAndOperate(0, 0, 0, ReduceOperation.NoOperation), Is.InRange(Each, Each * comm.Size));
        counter.UnlockAll();
        Assert.That(mine, Is.Ordered.Ascending);
        long[] all = comm.Allgatherv<long>(mine);
        Array.Sort(all);
        Assert.That(all, Is.EqualTo(Fill(Each * comm.Size, i => (long)i)).AsCollection);
    });

    [Test]
    public void Compare_and_swap_lets_exactly_one_rank_win([Sizes] int size) => OnEveryRank(size, comm =>
    {
        int target = comm.Size - 1;
        using Window<long> cell = comm.AllocateWindow<long>(1);
        cell.LockAll();
        long old = cell.CompareAndSwap(comm.Rank + 1, 0, target, 0);
        comm.Barrier();
        long winner = cell.FetchAndOperate(0, target, 0, ReduceOperation.NoOperation);
        comm.Barrier();                                 // everybody has read the winner
        long replaced = comm.Rank == 0 ? cell.FetchAndOperate(-5, target, 0, ReduceOperation.Replace) : winner;
        cell.UnlockAll();
        Assert.That(comm.Allreduce(old == 0 ? 1 : 0, ReduceOperation.Sum), Is.EqualTo(1));
        Assert.That(old, Is.EqualTo(winner == comm.Rank + 1 ? 0 : winner));
        Assert.That(replaced, Is.Not.EqualTo(-5));
    });

    [Test]
    public void Exclusive_lock_makes_a_read_modify_write_whole([Pairs] int size) => OnEveryRank(size, comm =>
    {
        using Window<int> cell = comm.AllocateWindow<int>(1);
        int[] value = new int[1];
        for (int i = 0; i < 20; i++)
        {
            cell.Lock(0, LockKind.Exclusive);
            cell.Get(value, 0, 0);
            cell.Flush(0);
            value[0]++;
            cell.Put(value, 0, 0);
            cell.Unlock(0);
        }
        comm.Barrier();
        cell.Lock(0);
        cell.Get(value, 0, 0);
        cell.Unlock(0);
        Assert.That(value[0], Is.EqualTo(20 * comm.Size));
    });

    [Test]
    public void Shared_window_is_loaded_and_stored_directly([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using Communicator node = comm.SplitShared();
        using Window<long> window = node.AllocateSharedWindow<long>(node.Rank + 1);
        window.LockAll();
        window.Local.Fill(node.Rank + 100);
        window.Sync();
        node.Barrier();
        window.Sync();
        for (int r = 0; r < node.Size; r++)
        {
            Assert.That(window.SharedOf(r).Length, Is.EqualTo(r + 1));
            Assert.That(window.SharedOf(r).ToArray(), Is.All.EqualTo(r + 100));
        }
        node.Barrier();
        for (int i = 0; i < 1000; i++)
            Interlocked.Increment(ref window.SharedOf(0)[0]);
        node.Barrier();
        Assert.That(window.SharedOf(0)[0], Is.EqualTo(100 + 1000 * node.Size));
        window.UnlockAll();
    });

    [Test]
    public void Window_access_out_of_range_is_refused_before_it_happens([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        using Window<int> window = comm.AllocateWindow<int>(4);
        window.LockAll();
        CommunicationException failure = Assert.Throws<CommunicationException>(() => window.Put(new int[3], 0, 2))!;
        Assert.That(failure.Message, Does.Contain("Put"));
        Assert.Throws<CommunicationException>(() => window.FetchAndOperate(1, 0, -1, ReduceOperation.Sum));
        Assert.Throws<CommunicationException>(() => window.Put(new int[1], comm.Size, 0));
        window.UnlockAll();
    });

    [Test]
    public void Atomics_on_a_ranks_own_share_are_seen_by_load_and_by_others([Values(1, 2, 3)] int size) => OnEveryRank(size, comm =>
    {
        using Window<long> window = comm.AllocateWindow<long>(3);
        int right = (comm.Rank + 1) % comm.Size;
        window.LockAll();
        for (long value = 1L << 58; value != 0; value >>= 1)
        {
            Assert.That(window.FetchAndOperate(value, comm.Rank, 1, ReduceOperation.Replace), Is.EqualTo(value == 1L << 58 ? 0 : 2 * value));
            Assert.That(Volatile.Read(ref window.Local[1]), Is.EqualTo(value));
        }
        comm.Barrier();
        Assert.That(window.FetchAndOperate(5, right, 1, ReduceOperation.Sum), Is.EqualTo(1));
        comm.Barrier();
        Assert.That(window.FetchAndOperate(0, comm.Rank, 1, ReduceOperation.NoOperation), Is.EqualTo(6));
        window.UnlockAll();
    });

    [Test]
    public void Native_memory_is_put_and_got_as_described([Values(1, 2, 3)] int size) => OnEveryRank(size, comm =>
    {
        using Window<Padded> window = comm.AllocateWindow<Padded>(4);
        using var native = (IDisposable)new AlignedBuffer<Padded>(2);
        var buffer = (AlignedBuffer<Padded>)native;
        int right = (comm.Rank + 1) % comm.Size;
        buffer.GetSpan()[1] = Padded.From(comm.Rank + 3);
        window.LockAll();
        unsafe
        {
            window.Put(new Payload(buffer.Address + 1, 1, ElementType.Of<Padded>()), right, 2);
            window.Flush(right);
            comm.Barrier();
            window.Get(new Payload(buffer.Address, 1, ElementType.Of<Padded>()), comm.Rank, 2);
            window.FlushAll();
            Assert.Throws<CommunicationException>(() => window.Put(new Payload(buffer.Address, 1, ElementType.Of<int>()), right, 0));
        }
        Assert.That(buffer.GetSpan()[0], Is.EqualTo(Padded.From((comm.Rank + comm.Size - 1) % comm.Size + 3)));
        window.UnlockAll();
    });
}
