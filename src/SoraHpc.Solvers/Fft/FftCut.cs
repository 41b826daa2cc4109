namespace SoraHpc.Solvers.Fft;

/// <summary>Contiguous shares that differ by at most one; the first ranks have the larger ones.</summary>
internal static class FftCut
{
    internal static (int Begin, int End) Of(int items, int ranks, int rank) => (Begin(items, ranks, rank), Begin(items, ranks, rank + 1));

    internal static int Length(int items, int ranks, int rank) => Begin(items, ranks, rank + 1) - Begin(items, ranks, rank);

    private static int Begin(int items, int ranks, int rank) => (int)((long)rank * (items / ranks)) + Math.Min(rank, items % ranks);
}
