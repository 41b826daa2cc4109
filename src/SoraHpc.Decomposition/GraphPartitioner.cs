using SoraHpc.Decomposition.Metis;

namespace SoraHpc.Decomposition;

/// <summary>
/// The graph of touching pieces cut by METIS: few halo cells between ranks whatever the grid's seams, shares within a tolerance of
/// the capabilities. The library is found when the first grid is cut.
/// </summary>
/// <remarks>
/// The answer is the same on every rank of a run as long as all nodes have the same METIS. While it works, METIS replaces the
/// process's handlers of SIGTERM and SIGABRT with its own.
/// </remarks>
/// <param name="piecesPerRank">How finely the grid is laid out, ≥ 1; pieces are whole tiles.</param>
/// <param name="imbalance">What a rank's share may be over its due, in (1, 2].</param>
/// <param name="library">File name or path of METIS 5 with 32-bit integers and reals.</param>
public sealed class GraphPartitioner(int piecesPerRank = 256, double imbalance = 1.03, string library = "libmetis.so.5") : IPartitioner
{
    // Weights become integers that a 32-bit real holds exactly, even their sum.
    private const double WeightOfAll = 1 << 24;

    private readonly int piecesPerRank = piecesPerRank >= 1 ? piecesPerRank
        : throw new ArgumentOutOfRangeException(nameof(piecesPerRank), piecesPerRank, "every rank needs a piece or more");
    private readonly double imbalance = imbalance is > 1 and <= 2 ? imbalance
        : throw new ArgumentOutOfRangeException(nameof(imbalance), imbalance, "a tolerance lies in (1, 2]");

    /// <inheritdoc/>
    /// <exception cref="PartitionException">METIS is missing, too.</exception>
    public Division Cut(Grid grid, ReadOnlySpan<double> capabilities)
    {
        PartitionInput.Check(grid, capabilities);
        MetisLibrary metis = MetisLibrary.Load(library);
        int ranks = capabilities.Length;
        Tiling tiling = Tiling.Coarse(grid, piecesPerRank * (long)ranks);
        int[] ownerOf = ranks == 1 ? new int[tiling.Count] : metis.Cut(new TileGraph(tiling), Integers(tiling.Weights), Shares(capabilities), imbalance);
        FillEmpty(ownerOf, tiling.Weights, capabilities);
        return Division.OfPieces(tiling, ownerOf, ranks);
    }

    // With few pieces METIS may leave a part empty: it gets a piece of the rank that would finish last.
    private static void FillEmpty(int[] ownerOf, ReadOnlySpan<double> weights, ReadOnlySpan<double> capabilities)
    {
        for (int empty = 0; empty < capabilities.Length; empty++)
        {
            if (ownerOf.Contains(empty))
                continue;
            double[] times = new double[capabilities.Length];
            int[] pieces = new int[capabilities.Length];
            for (int i = 0; i < ownerOf.Length; i++)
            {
                times[ownerOf[i]] += weights[i] / capabilities[ownerOf[i]];
                pieces[ownerOf[i]]++;
            }
            int last = Enumerable.Range(0, times.Length).Where(rank => pieces[rank] > 1).MaxBy(rank => times[rank]);
            ownerOf[Array.LastIndexOf(ownerOf, last)] = empty;
        }
    }

    private static int[] Integers(ReadOnlySpan<double> weights)
    {
        double total = weights.ToArray().Sum();
        int[] integers = new int[weights.Length];
        for (int i = 0; i < integers.Length; i++)
            integers[i] = Math.Max(1, (int)Math.Round(weights[i] / total * WeightOfAll));
        return integers;
    }

    private static float[] Shares(ReadOnlySpan<double> capabilities)
    {
        double total = capabilities.ToArray().Sum();
        float[] shares = new float[capabilities.Length];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = (float)(capabilities[i] / total);
        return shares;
    }

    /// <inheritdoc/>
    public override string ToString() => "METIS graph";
}
