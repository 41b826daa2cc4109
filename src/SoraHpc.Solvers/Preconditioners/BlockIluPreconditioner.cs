using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Preconditioners;

/// <summary>Block Jacobi with one block a rank, each solved by an incomplete factorisation that fills nothing in, ILU(0). No message;
/// the more ranks, the weaker. The result depends on how the rows are cut.</summary>
/// <remarks>Source: Meijerink and van der Vorst, Math. Comp. 31 (1977); Saad, Iterative Methods for Sparse Linear Systems (2003), algorithm
/// 10.4. Exact where elimination fills nothing in, as for a tridiagonal block.</remarks>
public sealed class BlockIluPreconditioner : IPreconditioner
{
    private readonly VectorLayout layout;
    private readonly int[] starts, columns, diagonals;
    private readonly double[] values;           // L below the diagonal (its own diagonal is 1), 1/U on it, U above

    /// <summary>Factors each rank's block of <paramref name="matrix"/>. Collective.</summary>
    /// <exception cref="SoraException">A pivot is zero, missing or not finite.</exception>
    public BlockIluPreconditioner(CsrOperator matrix)
    {
        layout = matrix.Layout;
        (starts, columns, values) = OwnBlock(matrix);
        diagonals = new int[layout.LocalLength];
        int wrong = Factor();
        long first = layout.Communicator.Allreduce(wrong < 0 ? long.MaxValue : layout.Begin + wrong, ReduceOperation.Min);
        if (first != long.MaxValue)
            throw new SoraException($"ILU(0): the pivot of row {first} (rank {layout.RankOf(first)}) is zero, missing or not finite: reorder the rows or use another preconditioner");
    }

    /// <inheritdoc/>
    public void Apply(DistributedVector r, DistributedVector z)
    {
        ReadOnlySpan<double> from = r.Fitting(layout).Local;
        Span<double> into = z.Fitting(layout).Local;
        for (int row = 0; row < into.Length; row++)
        {
            double sum = from[row];
            for (int i = starts[row]; i < diagonals[row]; i++)
                sum = Math.FusedMultiplyAdd(-values[i], into[columns[i]], sum);
            into[row] = sum;
        }
        for (int row = into.Length - 1; row >= 0; row--)
        {
            double sum = into[row];
            for (int i = diagonals[row] + 1; i < starts[row + 1]; i++)
                sum = Math.FusedMultiplyAdd(-values[i], into[columns[i]], sum);
            into[row] = sum * values[diagonals[row]];
        }
    }

    private static (int[], int[], double[]) OwnBlock(CsrOperator matrix)
    {
        (int[] allStarts, int[] allColumns, double[] allValues) = matrix.LocalRows;
        int rows = matrix.Layout.LocalLength;
        int[] kept = new int[rows + 1];
        List<int> ownColumns = [];
        List<double> ownValues = [];
        for (int row = 0; row < rows; row++)
        {
            for (int i = allStarts[row]; i < allStarts[row + 1]; i++)
                if (allColumns[i] < rows)
                {
                    ownColumns.Add(allColumns[i]);
                    ownValues.Add(allValues[i]);
                }
            kept[row + 1] = ownColumns.Count;
        }
        return (kept, [.. ownColumns], [.. ownValues]);
    }

    /// <summary>Eliminates row by row within the pattern; returns the first row without a usable pivot, or −1.</summary>
    private int Factor()
    {
        int[] placeOf = new int[layout.LocalLength];    // of a column in the row at hand, plus one
        for (int row = 0; row < layout.LocalLength; row++)
        {
            for (int i = starts[row]; i < starts[row + 1]; i++)
                placeOf[columns[i]] = i + 1;
            for (int i = starts[row]; i < starts[row + 1] && columns[i] < row; i++)
            {
                values[i] *= values[diagonals[columns[i]]];
                for (int above = diagonals[columns[i]] + 1; above < starts[columns[i] + 1]; above++)
                    if (placeOf[columns[above]] is > 0 and int place)
                        values[place - 1] = Math.FusedMultiplyAdd(-values[i], values[above], values[place - 1]);
            }
            int diagonal = placeOf[row] - 1;
            for (int i = starts[row]; i < starts[row + 1]; i++)
                placeOf[columns[i]] = 0;
            if (diagonal < 0 || values[diagonal] == 0 || !double.IsFinite(values[diagonal]))
                return row;
            diagonals[row] = diagonal;
            values[diagonal] = 1 / values[diagonal];
        }
        return -1;
    }
}
