using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

// No rank stops calling the communication layer while others count: MPICH completes an access when its target next calls.
public abstract partial class CommunicatorContract
{
    [Test]
    public void Atomic_counter_hands_out_every_number_once([Sizes] int size, [Values] bool onTheLast) => OnEveryRank(size, comm =>
    {
        const int Each = 200;
        using AtomicCounter counter = new(comm, home: onTheLast ? comm.Size - 1 : 0);
        long[] mine = Fill(Each, _ => counter.Add(1));
        Assert.That(mine, Is.Ordered.Ascending);
        long[] all = comm.Allgatherv<long>(mine);
        Array.Sort(all);
        Assert.That(all, Is.EqualTo(Fill(Each * comm.Size, i => (long)i)).AsCollection);
        Assert.That(counter.Value, Is.EqualTo(Each * comm.Size));
        comm.Barrier();
    });

    [Test]
    public void Atomic_counter_is_exchanged_by_one_rank_at_a_time([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using AtomicCounter counter = new(comm);
        bool won = counter.CompareExchange(comm.Rank + 1, expected: 0) == 0;
        Assert.That(comm.Allreduce(won ? 1 : 0, ReduceOperation.Sum), Is.EqualTo(1));
        int winner = comm.Allreduce(won ? comm.Rank + 1 : 0, ReduceOperation.Max);
        Assert.That(counter.Value, Is.EqualTo(winner));
        comm.Barrier();
        long before = counter.Exchange(-comm.Rank - 10);
        long[] seen = comm.Allgather(before);           // a chain: each but the last was seen by exactly one
        Assert.That(seen.Append(counter.Value).Order(), Is.EqualTo(Fill(comm.Size, r => -r - 10L).Append(winner).Order()).AsCollection);
        comm.Barrier();
    });

    [Test]
    public void Distributed_lock_lets_one_rank_in_at_a_time([Sizes] int size, [Values] bool onTheLast) => OnEveryRank(size, comm =>
    {
        const int Each = 25;
        using DistributedLock exclusive = new(comm, home: onTheLast ? comm.Size - 1 : 0);
        using Window<long> cell = comm.AllocateWindow<long>(comm.IsRoot ? 1 : 0);
        long[] value = new long[1];
        cell.LockAll();
        for (int i = 0; i < Each; i++)
            using (exclusive.Enter())
            {
                Assert.That(exclusive.IsHeld);
                cell.Get(value, 0, 0);                  // not atomic: only the lock makes it whole
                cell.Flush(0);
                value[0]++;
                cell.Put(value, 0, 0);
                cell.Flush(0);
            }
        Assert.That(exclusive.IsHeld, Is.False);
        cell.UnlockAll();
        comm.Barrier();
        cell.Lock(0);
        cell.Get(value, 0, 0);
        cell.Unlock(0);
        Assert.That(value[0], Is.EqualTo(Each * comm.Size));
        comm.Barrier();
    });

    [Test]
    public void Distributed_lock_is_tried_without_waiting([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using DistributedLock exclusive = new(comm);
        bool taken = exclusive.TryEnter();
        Assert.That(comm.Allreduce(taken ? 1 : 0, ReduceOperation.Sum), Is.EqualTo(1));
        Assert.That(exclusive.TryEnter(), Is.False);
        comm.Barrier();
        if (taken)
            exclusive.Exit();
        comm.Barrier();
        using (exclusive.Enter())
            Assert.That(Assert.Throws<InvalidOperationException>(() => exclusive.Enter())!.Message, Does.Contain("holds the lock already"));
        comm.Barrier();
        Assert.That(Assert.Throws<InvalidOperationException>(exclusive.Exit)!.Message, Does.Contain("does not hold the lock"));
    });

    [Test]
    public void Home_of_a_counter_or_lock_must_exist() => OnEveryRank(2, comm =>
    {
        Refused(() => new AtomicCounter(comm, home: comm.Size), ErrorClass.Rank);
        Refused(() => new DistributedLock(comm, home: -1), ErrorClass.Rank);
    });
}
