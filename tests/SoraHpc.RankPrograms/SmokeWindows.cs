using SoraHpc.Communication;
using static SoraHpc.RankPrograms.Smoke;

namespace SoraHpc.RankPrograms;

internal static class SmokeWindows
{
    internal static void Run(Communicator comm)
    {
        Fenced(comm);
        Locked(comm);
        Shared(comm);
    }

    private static void Fenced(Communicator comm)
    {
        using Window<double> window = comm.AllocateWindow<double>(comm.Size + comm.Rank);
        Expect(window.Local.Length == comm.Size + comm.Rank && window.Local.IndexOfAnyExcept(0.0) < 0);
        window.Fence();
        for (int target = 0; target < comm.Size; target++)
            window.Put(new double[] { comm.Rank + 1 }, target, comm.Rank);
        window.Fence();
        for (int r = 0; r < comm.Size; r++)
            Expect(window.Local[r] == r + 1);
        double[] fetched = new double[2];
        int right = (comm.Rank + 1) % comm.Size;
        window.Get(fetched.AsMemory(0, 1), right, comm.Rank);
        window.Fence();
        Expect(fetched[0] == comm.Rank + 1);
        window.Accumulate(new double[] { 10 }, right, 0, ReduceOperation.Sum);
        window.Fence();
        Expect(window.Local[0] == 11);
        bool refused = false;
        try
        {
            window.Put(new double[2], right, comm.Size + right - 1);
        }
        catch (CommunicationException)
        {
            refused = true;
        }
        Expect(refused);
        window.Fence();
    }

    private static void Locked(Communicator comm)
    {
        using Window<long> counter = comm.AllocateWindow<long>(2);
        counter.LockAll();
        for (int i = 0; i < 100; i++)
            counter.FetchAndOperate(1, 0, 0, ReduceOperation.Sum);
        comm.Barrier();
        Expect(counter.FetchAndOperate(0, 0, 0, ReduceOperation.NoOperation) == 100 * comm.Size);
        long before = counter.CompareAndSwap(comm.Rank + 1, 0, 0, 1);
        comm.Barrier();
        long winner = counter.FetchAndOperate(0, 0, 1, ReduceOperation.NoOperation);
        Expect(winner > 0 && (before == 0) == (winner == comm.Rank + 1));
        counter.FlushAll();
        counter.UnlockAll();
        comm.Barrier();
        counter.Lock(0, LockKind.Exclusive);
        long[] value = new long[1];
        counter.Get(value, 0, 0);
        counter.Flush(0);
        counter.Put(new[] { value[0] + 1 }, 0, 0);
        counter.Unlock(0);
        comm.Barrier();
        counter.Lock(0);
        counter.Get(value, 0, 0);
        counter.Unlock(0);
        Expect(value[0] == 101 * comm.Size);
        comm.Barrier();
    }

    private static void Shared(Communicator comm)
    {
        using Communicator node = comm.SplitShared();
        using Window<int> window = node.AllocateSharedWindow<int>(3 + node.Rank);
        window.LockAll();
        window.Local.Fill(node.Rank + 1);
        window.Sync();
        node.Barrier();
        window.Sync();
        for (int r = 0; r < node.Size; r++)
        {
            Span<int> theirs = window.SharedOf(r);
            Expect(theirs.Length == 3 + r && theirs.IndexOfAnyExcept(r + 1) < 0);
        }
        node.Barrier();
        window.UnlockAll();
    }
}
