using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Fft;

/// <summary>Ranks as a grid: <paramref name="Outer"/> shares of planes (then of rows) times <paramref name="Inner"/> shares of rows (then of columns).</summary>
internal readonly record struct FftGrid(int Outer, int Inner)
{
    /// <summary>The grid for an array of these lengths. Local, the same on every rank.</summary>
    /// <exception cref="UsageException">There are more ranks than shares.</exception>
    internal static FftGrid For(int planes, int rows, int columns, int ranks, FftDecomposition decomposition)
    {
        int slabs = Math.Min(planes, rows);
        if (planes == 1)
            return ranks <= Math.Min(rows, columns) ? new(1, ranks)
                : throw new UsageException($"an FFT of {rows} × {columns} cannot be split over {ranks} ranks: at most {Math.Min(rows, columns)} can have a row and a column each");
        if (decomposition != FftDecomposition.Pencil && ranks <= slabs)
            return new(ranks, 1);
        if (decomposition == FftDecomposition.Slab)
            throw new UsageException($"an FFT of {planes} × {rows} × {columns} cannot be split into slabs over {ranks} ranks: at most {slabs}; pencils reach further");
        FftGrid best = default;
        for (int outer = 1; outer <= ranks; outer++)
            if (ranks % outer == 0 && outer <= slabs && ranks / outer <= Math.Min(rows, columns) && Skew(outer, ranks / outer) < Skew(best.Outer, best.Inner))
                best = new(outer, ranks / outer);
        return best.Outer > 0 ? best : throw new UsageException(
            $"an FFT of {planes} × {rows} × {columns} cannot be split over {ranks} ranks: no two factors of {ranks} are at most {slabs} and {Math.Min(rows, columns)}");
    }

    // The squarest grid sends the fewest messages.
    private static long Skew(int outer, int inner) => outer == 0 ? long.MaxValue : outer + inner;
}
