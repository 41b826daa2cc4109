using SoraHpc.Communication;
using static SoraHpc.RankPrograms.Smoke;

namespace SoraHpc.RankPrograms;

internal static class SmokeGroups
{
    internal static void Run(Communicator comm)
    {
        Splits(comm);
        Grid(comm, periodic: true);
        Grid(comm, periodic: false);
        Graph(comm);
        if (comm.Size > 1)
            Intercommunicators(comm);
    }

    private static void Splits(Communicator comm)
    {
        using Communicator reversed = comm.Split(0, -comm.Rank)!, copy = comm.Duplicate(), node = comm.SplitShared();
        Expect(reversed.Rank == comm.Size - 1 - comm.Rank && copy.Rank == comm.Rank && node.Size == comm.Size && reversed.WorldRank == comm.WorldRank);
        using Communicator? first = comm.Split(comm.Rank == 0 ? 3 : -1);
        Expect(comm.Rank == 0 ? first!.Size == 1 : first is null);
        Request send = copy.StartSend<int>(new[] { comm.Rank }, copy.Rank);
        Expect(!comm.TryProbe(out _, comm.Rank) && copy.Receive<int>() == comm.Rank);
        send.Wait();
    }

    private static void Grid(Communicator comm, bool periodic)
    {
        using Communicator ring = comm.CreateCartesian([comm.Size], [periodic], reorder: true)!;
        (int left, int right) = ring.Cartesian!.Shift(0, 1);
        int[] received = [-5, -5], each = [-5, -5];
        ring.NeighborAlltoall<int>([10 * ring.Rank, 10 * ring.Rank + 1], received);
        // What the left neighbour sent right, what the right one sent left; a wall leaves the block as it was.
        int[] expected = [left >= 0 ? 10 * left + 1 : -5, right >= 0 ? 10 * right : -5];
        Expect(received.SequenceEqual(expected));
        ring.NeighborAllgather<int>([ring.Rank], each);
        Expect(each.SequenceEqual([left >= 0 ? left : -5, right >= 0 ? right : -5]));
        int[] later = [-5, -5];
        ring.StartNeighborAlltoallv<int>(new[] { 10 * ring.Rank, 10 * ring.Rank + 1 }, [1, 1], later, [1, 1]).Wait();
        int[] now = [-5, -5];
        ring.NeighborAlltoallv<int>([10 * ring.Rank, 10 * ring.Rank + 1], [1, 1], now, [1, 1]);
        Expect(later.SequenceEqual(expected) && now.SequenceEqual(expected));
        using Communicator column = comm.CreateCartesian([comm.Size, 1], [false, true])!, row = column.CreateSubgrid([false, true]);
        Expect(row.Size == 1 && row.Cartesian!.Dimensions.SequenceEqual([1]));
        using Communicator? small = comm.CreateCartesian([1], [false]);
        Expect(small is null == comm.Rank > 0);
    }

    private static void Graph(Communicator comm)
    {
        // A star: every rank sends to 0, rank 0 receives from all.
        int[] sources = comm.Rank == 0 ? [.. Enumerable.Range(0, comm.Size)] : [];
        using Communicator star = comm.CreateGraph(sources, [0]);
        int[] received = new int[sources.Length];
        star.NeighborAllgather<int>([star.Rank + 3], received);
        Expect(received.SequenceEqual(sources.Select(r => r + 3)));
        int[] blocks = new int[sources.Length];
        star.NeighborAlltoall<int>([star.Rank + 4], blocks);
        Expect(blocks.SequenceEqual(sources.Select(r => r + 4)));
        int[] counts = [.. sources.Select(_ => 2)], pairs = new int[2 * sources.Length];
        star.NeighborAlltoallv<int>([star.Rank, -star.Rank], [2], pairs, counts);
        Expect(pairs.SequenceEqual(sources.SelectMany(r => (int[])[r, -r])));
    }

    private static void Intercommunicators(Communicator comm)
    {
        bool low = comm.Rank < comm.Size / 2;
        using Communicator half = comm.Split(low ? 0 : 1)!;
        using Intercommunicator between = half.CreateIntercommunicator(0, comm, low ? comm.Size / 2 : 0);
        Expect(between.RemoteSize == comm.Size - half.Size);
        using Communicator merged = between.Merge(high: low);
        Expect(merged.Size == comm.Size && merged.Rank == (low ? comm.Size - comm.Size / 2 + half.Rank : half.Rank));
    }
}
