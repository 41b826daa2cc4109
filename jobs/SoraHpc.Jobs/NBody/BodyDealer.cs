using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.NBody;

/// <summary>
/// Deals the bodies to the ranks: cuts the curve into cells of the tree, small enough in cost, and gives every rank consecutive ones so that the
/// slowest finishes as early as possible. No group is ever cut, so every cell below a piece is one rank's.
/// </summary>
internal sealed class BodyDealer(Particle particle, NBodyOptions options, double[] capabilities)
{
    // A piece has at most this part of a rank's mean share, unless it is a group.
    private const int PiecesPerRank = 64;

    private readonly Communicator communicator = particle.Communicator;

    /// <summary>All pieces along the curve; the same on every rank.</summary>
    internal Piece[] Pieces { get; private set; } = [];

    /// <summary>Rank r has the pieces [Cuts[r], Cuts[r + 1]).</summary>
    internal int[] Cuts { get; } = new int[capabilities.Length + 1];

    /// <summary>Deals, and leaves every rank's share in the order of the curve. Collective.</summary>
    internal void Deal(BodyShare share, RootCube cube)
    {
        share.Sort(cube);
        share.SumCosts(options.DealBy);
        Pieces = CutCurve(share);
        // More ranks than pieces: the last have none.
        int taking = Math.Min(capabilities.Length, Pieces.Length);
        double[] costs = Array.ConvertAll(Pieces, piece => (double)piece.Cost);
        ContiguousCut.Optimal(costs, capabilities.AsSpan(0, taking)).CopyTo(Cuts, 0);
        Cuts.AsSpan(taking + 1).Fill(Pieces.Length);
        Exchange(share);
        share.Sort(cube);
    }

    // From the whole curve, every piece that costs too much is cut into the eight cells in it, empty ones left out. One reduction a level.
    private Piece[] CutCurve(BodyShare share)
    {
        Span<long> whole = [share.Count, share.CostOf(0, share.Count)];
        Sum(whole);
        List<Piece> pieces = [new(0, 0, whole[0], whole[1])];
        double most = (double)whole[1] / capabilities.Length / PiecesPerRank;
        bool IsLarge(Piece piece) => piece.Cost > most && piece.Bodies > options.GroupBodies && piece.Depth < RootCube.Levels;
        while (pieces.Count(IsLarge) is > 0 and int large)
        {
            long[] sums = new long[large * 16];
            int at = 0;
            foreach (Piece piece in pieces.Where(IsLarge))
                for (int octant = 0; octant < 8; octant++, at += 2)
                {
                    ulong key = piece.Key + (ulong)octant * RootCube.PlacesOf(piece.Depth + 1);
                    int begin = share.FirstFrom(key, 0, share.Count), end = share.FirstFrom(key + RootCube.PlacesOf(piece.Depth + 1), begin, share.Count);
                    (sums[at], sums[at + 1]) = (end - begin, share.CostOf(begin, end));
                }
            Sum(sums);
            List<Piece> finer = new(pieces.Count + 7 * large);
            at = 0;
            foreach (Piece piece in pieces)
                if (!IsLarge(piece))
                    finer.Add(piece);
                else
                    for (int octant = 0; octant < 8; octant++, at += 2)
                        if (sums[at] > 0)
                            finer.Add(new(piece.Key + (ulong)octant * RootCube.PlacesOf(piece.Depth + 1), piece.Depth + 1, sums[at], sums[at + 1]));
            pieces = finer;
        }
        return [.. pieces];
    }

    private void Exchange(BodyShare share)
    {
        int[] sends = new int[communicator.Size], receives = new int[communicator.Size];
        int begin = 0;
        for (int rank = 0; rank < sends.Length; rank++)
        {
            int end = Cuts[rank + 1] < Pieces.Length ? share.FirstFrom(Pieces[Cuts[rank + 1]].Key, begin, share.Count) : share.Count;
            (sends[rank], begin) = (end - begin, end);
        }
        long begun = Stopwatch.GetTimestamp();
        communicator.Alltoall<int>(sends, receives);
        int count = receives.Sum();
        communicator.Alltoallv<Body>(share.Bodies, sends, share.Incoming(count), receives);
        particle.CountWait(begun);
        share.Adopt(count);
    }

    private void Sum(Span<long> values)
    {
        long begun = Stopwatch.GetTimestamp();
        communicator.Allreduce(values, ReduceOperation.Sum);
        particle.CountWait(begun);
    }
}
