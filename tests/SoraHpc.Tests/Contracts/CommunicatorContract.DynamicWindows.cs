using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Attached_memory_is_put_to_and_got_from_between_fences([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using DynamicWindow window = comm.CreateDynamicWindow();
        var memory = new AlignedBuffer<double>(comm.Size + comm.Rank);
        RemoteMemory<double>[] all = comm.Allgather(window.Attach(memory));
        Assert.That(all[comm.Rank].Length, Is.EqualTo(comm.Size + comm.Rank));
        window.Fence();
        foreach (RemoteMemory<double> target in all)
            window.Put(new[] { comm.Rank + 0.5 }, target, comm.Rank);
        window.Fence();
        Assert.That(memory.GetSpan()[..comm.Size].ToArray(), Is.EqualTo(Fill(comm.Size, r => r + 0.5)).AsCollection);
        double[] got = new double[comm.Size];
        window.Get(got, all[(comm.Rank + 1) % comm.Size]);
        window.Fence();
        Assert.That(got, Is.EqualTo(Fill(comm.Size, r => r + 0.5)).AsCollection);
        window.Accumulate(new[] { 2.0 }, all[0], comm.Size - 1, ReduceOperation.Sum);
        window.Fence();
        if (comm.IsRoot)
            Assert.That(memory.GetSpan()[comm.Size - 1], Is.EqualTo(comm.Size - 0.5 + 2 * comm.Size));
        window.Detach(all[comm.Rank]);
        comm.Barrier();
        ((IDisposable)memory).Dispose();
    });

    [Test]
    public void Atomics_on_attached_memory_lose_nothing([Sizes] int size) => OnEveryRank(size, comm =>
    {
        const int Each = 50;
        using DynamicWindow window = comm.CreateDynamicWindow();
        using var memory = (IDisposable)new AlignedBuffer<long>(2);
        RemoteMemory<long> counter = comm.Broadcast(comm.IsRoot ? window.Attach((AlignedBuffer<long>)memory) : default);
        window.LockAll();
        long[] mine = new long[Each];
        for (int i = 0; i < Each; i++)
            mine[i] = window.FetchAndOperate(1, counter, 1, ReduceOperation.Sum);
        long[] all = comm.Allgatherv<long>(mine);
        Array.Sort(all);
        Assert.That(all, Is.EqualTo(Fill(Each * comm.Size, i => (long)i)).AsCollection);
        window.UnlockAll();
        comm.Barrier();
    });

    [Test]
    public void Memory_of_several_types_comes_and_goes_while_the_window_is_open([Pairs] int size) => OnEveryRank(size, comm =>
    {
        using DynamicWindow window = comm.CreateDynamicWindow();
        int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
        window.LockAll();
        for (int round = 1; round <= 5; round++)
        {
            var numbers = new AlignedBuffer<int>(1000 * round);
            var structs = new AlignedBuffer<Padded>(3);
            RemoteMemory<int>[] allNumbers = comm.Allgather(window.Attach(numbers));
            RemoteMemory<Padded>[] allStructs = comm.Allgather(window.Attach(structs));
            window.Put(new[] { comm.Rank + round }, allNumbers[right], 1000 * round - 1);
            window.Put(new[] { Padded.From(comm.Rank) }, allStructs[right], 2);
            window.FlushAll();
            comm.Barrier();
            window.Sync();
            Assert.That(numbers.GetSpan()[1000 * round - 1], Is.EqualTo(left + round));
            Assert.That(structs.GetSpan()[2], Is.EqualTo(Padded.From(left)));
            window.Detach(allNumbers[comm.Rank]);
            window.Detach(allStructs[comm.Rank]);
            ((IDisposable)numbers).Dispose();
            ((IDisposable)structs).Dispose();
        }
        window.UnlockAll();
    });

    [Test]
    public void What_is_not_attached_is_refused([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        using DynamicWindow window = comm.CreateDynamicWindow();
        using var memory = (IDisposable)new AlignedBuffer<int>(4);
        RemoteMemory<int> own = window.Attach((AlignedBuffer<int>)memory);
        window.LockAll();
        Refused(() => window.Put(new int[3], own, 2), ErrorClass.Argument);
        Refused(() => window.FetchAndOperate(1, own, -1, ReduceOperation.Sum), ErrorClass.Argument);
        Refused(() => window.Attach((AlignedBuffer<int>)memory), ErrorClass.Argument);
        Refused(() => window.Attach(new AlignedBuffer<int>(0)), ErrorClass.Argument);
        Refused(() => window.Put(new int[1], own with { Rank = comm.Size }), ErrorClass.Rank);
        window.UnlockAll();
        window.Detach(own);
        Refused(() => window.Detach(own), ErrorClass.Argument);
        comm.Barrier();
    });
}
