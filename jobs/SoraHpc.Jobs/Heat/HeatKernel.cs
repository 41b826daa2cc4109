using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Heat;

/// <summary>The explicit five-point step of u_t = α·(u_xx + u_yy), vectorised along rows.</summary>
public static unsafe class HeatKernel
{
    /// <summary>Advances the cells of <paramref name="box"/>; reads one cell around it, halo included.</summary>
    /// <param name="u">Temperature now [K], halo filled.</param>
    /// <param name="next">Temperature after the step [K].</param>
    /// <param name="box">Cells to advance, inside the patches' block, grid coordinates.</param>
    /// <param name="r">α·Δt/Δx², dimensionless, in (0, ¼] for stability.</param>
    public static void Step(Patch<double> u, Patch<double> next, Block box, double r)
    {
        for (long row = box.Begin.Row; row < box.End.Row; row++)
        {
            Cell first = new(row, box.Begin.Column);
            StepRow(u.Origin + u.OffsetOf(first), u.RowStride, next.Origin + next.OffsetOf(first), box.Columns, r);
        }
    }

    /// <summary>Steps a plate of its own, too large for the second-level cache; returns the cells updated.</summary>
    internal static double Probe(double r)
    {
        const int Rows = 512, Columns = 512, Stride = Columns + 16;
        using AlignedBuffer<double> u = new((Rows + 2) * Stride), next = new((Rows + 2) * Stride);
        for (int row = 1; row <= Rows; row++)
            StepRow(u.Address + row * Stride + 8, Stride, next.Address + row * Stride + 8, Columns, r);
        return (double)Rows * Columns;
    }

    // Traffic per cell: 8 B read (the rows above and below are still in cache) + 8 B written with its 8 B write-allocate; 7 flops:
    // bandwidth-bound. Body and tail do the same operations in the same order, so a cell's bits do not depend on where cuts fall.
    private static void StepRow(double* u, long stride, double* next, long cells, double r)
    {
        double* north = u - stride, south = u + stride;
        long i = 0;
        for (; i <= cells - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> here = Vector.Load(u + i);
            Vector<double> sum = Vector.Load(u + i - 1) + Vector.Load(u + i + 1) + (Vector.Load(north + i) + Vector.Load(south + i));
            (here + r * (sum - 4.0 * here)).Store(next + i);
        }
        for (; i < cells; i++)
            next[i] = u[i] + r * (u[i - 1] + u[i + 1] + (north[i] + south[i]) - 4.0 * u[i]);
    }
}
