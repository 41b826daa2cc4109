using System.Runtime.Intrinsics;
using SoraHpc.Communication;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Multigrid;

/// <summary>
/// Between cells and those twice as wide, whose centres lie a quarter of a wide cell apart: along each dimension a cell takes ¾ of
/// the wide one it is in and ¼ of the next nearest, and a wide one takes the transpose of that, halved. Beyond the grid lies what the
/// boundary says of the wide cells; for the transpose the same holds of the small ones.
/// </summary>
internal sealed unsafe class GridTransfer : IDisposable
{
    private const int Lanes = 8, RowsAhead = 4;

    // From here on rows come from memory, and are asked for before they are needed.
    private const int StreamingBytes = 4 << 20;

    private readonly GridLayout fine, coarse;
    private readonly double sign;
    private readonly GridHalo fineHalo, coarseHalo;
    private readonly AlignedBuffer<double> scratch;
    private readonly int scratchRow;
    private readonly bool streams;

    internal GridTransfer(GridLayout fine, GridLayout coarse, StencilBoundary boundary)
    {
        (this.fine, this.coarse) = (fine, coarse);
        sign = boundary == StencilBoundary.NoFlux ? 1 : -1;
        (fineHalo, coarseHalo) = (new(fine, boundary, corners: true), new(coarse, boundary, corners: true));
        scratchRow = fine.Columns + 2 * Lanes;
        streams = (long)fine.Vectors.LocalLength * sizeof(double) >= StreamingBytes;
        scratch = new((fine.Rows + 3) * scratchRow);
    }

    /// <summary>coarse = R·fine. Collective.</summary>
    // Traffic: the fine vector once, an eighth of it written; the four planes a wide plane takes are two that the last one also took.
    internal void Restrict(DistributedVector from, DistributedVector into)
    {
        fineHalo.Start(from);
        fineHalo.Finish(from);
        for (int plane = 0; plane < coarse.Planes; plane++)
        {
            for (int row = -1; row <= fine.Rows; row++)
            {
                for (int below = 0; streams && below < 4; below++)
                    StencilKernel.Prefetch(fineHalo.Row(from.Address, 2 * plane - 1 + below, row) + RowsAhead * fine.Columns, fine.Columns);
                Combine4(fineHalo.Row(from.Address, 2 * plane - 1, row), fineHalo.Row(from.Address, 2 * plane, row),
                    fineHalo.Row(from.Address, 2 * plane + 1, row), fineHalo.Row(from.Address, 2 * plane + 2, row), Scratch(row), fine.Columns);
            }
            for (int row = 0; row < coarse.Rows; row++)
                RestrictRow(Scratch(2 * row - 1), Scratch(2 * row), Scratch(2 * row + 1), Scratch(2 * row + 2), Scratch(fine.Rows + 1),
                    into.Address + ((nint)plane * coarse.Rows + row) * coarse.Columns);
        }
    }

    /// <summary>fine += P·coarse. Collective.</summary>
    // Traffic: the fine vector read and written; the wide cells are an eighth.
    internal void Correct(DistributedVector from, DistributedVector into)
    {
        coarseHalo.Start(from);
        coarseHalo.Finish(from);
        double* mixed = Scratch(0);
        for (int plane = 0; plane < fine.Planes; plane++)
            for (int row = 0; row < fine.Rows; row++)
            {
                (int nearPlane, int farPlane) = (plane / 2, plane / 2 + (plane % 2 == 0 ? -1 : 1));
                (int nearRow, int farRow) = (row / 2, row / 2 + (row % 2 == 0 ? -1 : 1));
                Mix(coarseHalo.Row(from.Address, nearPlane, nearRow), coarseHalo.Row(from.Address, nearPlane, farRow),
                    coarseHalo.Row(from.Address, farPlane, nearRow), coarseHalo.Row(from.Address, farPlane, farRow), mixed);
                SpreadRow(mixed, into.Address + ((nint)plane * fine.Rows + row) * fine.Columns);
            }
    }

    private double* Scratch(int row) => scratch.Address + Lanes + (nint)(row + 1) * scratchRow;

    /// <summary>⅛·(a + d) + ⅜·(b + c).</summary>
    private static void Combine4(double* a, double* b, double* c, double* d, double* into, int count)
    {
        Vector512<double> outer = Vector512.Create(0.125), inner = Vector512.Create(0.375);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
            Vector512.FusedMultiplyAdd(inner, Vector512.Load(b + i) + Vector512.Load(c + i), outer * (Vector512.Load(a + i) + Vector512.Load(d + i))).Store(into + i);
        for (; i < count; i++)
            into[i] = Math.FusedMultiplyAdd(0.375, b[i] + c[i], 0.125 * (a[i] + d[i]));
    }

    // Rows first; then along the row every second of the sums of four is a wide cell's.
    private void RestrictRow(double* a, double* b, double* c, double* d, double* row, double* into)
    {
        int count = fine.Columns, i = 0;
        Combine4(a, b, c, d, row, count);
        (row[-1], row[count]) = (sign * row[0], sign * row[count - 1]);
        Vector512<double> outer = Vector512.Create(0.125), inner = Vector512.Create(0.375);
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector512<double> sums = Vector512.FusedMultiplyAdd(inner, Vector512.Load(row + i) + Vector512.Load(row + i + 1), outer * (Vector512.Load(row + i - 1) + Vector512.Load(row + i + 2)));
            Vector512.Shuffle(sums, Vector512.Create(0L, 2, 4, 6, 0, 2, 4, 6)).GetLower().Store(into + i / 2);
        }
        for (; i < count; i += 2)
            into[i / 2] = Math.FusedMultiplyAdd(0.375, row[i] + row[i + 1], 0.125 * (row[i - 1] + row[i + 2]));
    }

    /// <summary>9/16, 3/16, 3/16 and 1/16 of the four wide rows nearest to a row.</summary>
    private void Mix(double* near, double* nearFar, double* farNear, double* far, double* into)
    {
        int count = coarse.Columns, i = 0;
        Vector512<double> most = Vector512.Create(0.5625), some = Vector512.Create(0.1875), least = Vector512.Create(0.0625);
        for (; i <= count - Lanes; i += Lanes)
            Vector512.FusedMultiplyAdd(most, Vector512.Load(near + i), Vector512.FusedMultiplyAdd(some, Vector512.Load(nearFar + i) + Vector512.Load(farNear + i), least * Vector512.Load(far + i))).Store(into + i);
        for (; i < count; i++)
            into[i] = Math.FusedMultiplyAdd(0.5625, near[i], Math.FusedMultiplyAdd(0.1875, nearFar[i] + farNear[i], 0.0625 * far[i]));
        (into[-1], into[count]) = (sign * into[0], sign * into[count - 1]);
    }

    private void SpreadRow(double* mixed, double* into)
    {
        int count = coarse.Columns, i = 0;
        Vector512<double> near = Vector512.Create(0.75), far = Vector512.Create(0.25);
        Vector512<double> isOdd = Vector512.Create(0L, -1, 0, -1, 0, -1, 0, -1).AsDouble();
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector512<double> here = near * Vector512.Load(mixed + i);
            Vector512<double> even = Vector512.FusedMultiplyAdd(far, Vector512.Load(mixed + i - 1), here), odd = Vector512.FusedMultiplyAdd(far, Vector512.Load(mixed + i + 1), here);
            Vector512<double> first = Vector512.ConditionalSelect(isOdd, Vector512.Shuffle(odd, Vector512.Create(0L, 0, 1, 1, 2, 2, 3, 3)), Vector512.Shuffle(even, Vector512.Create(0L, 0, 1, 1, 2, 2, 3, 3)));
            Vector512<double> second = Vector512.ConditionalSelect(isOdd, Vector512.Shuffle(odd, Vector512.Create(4L, 4, 5, 5, 6, 6, 7, 7)), Vector512.Shuffle(even, Vector512.Create(4L, 4, 5, 5, 6, 6, 7, 7)));
            (Vector512.Load(into + 2 * i) + first).Store(into + 2 * i);
            (Vector512.Load(into + 2 * i + Lanes) + second).Store(into + 2 * i + Lanes);
        }
        for (; i < count; i++)
        {
            double here = 0.75 * mixed[i];
            into[2 * i] += Math.FusedMultiplyAdd(0.25, mixed[i - 1], here);
            into[2 * i + 1] += Math.FusedMultiplyAdd(0.25, mixed[i + 1], here);
        }
    }

    /// <summary>Frees halos and scratch. Local.</summary>
    public void Dispose()
    {
        fineHalo.Dispose();
        coarseHalo.Dispose();
        ((IDisposable)scratch).Dispose();
    }
}
