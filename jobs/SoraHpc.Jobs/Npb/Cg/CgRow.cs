namespace SoraHpc.Jobs.Npb.Cg;

/// <summary>Makes single rows of the matrix out of the sparse vectors. One workspace of two rows, used again and again.</summary>
internal sealed class CgRow
{
    private readonly CgProblem problem;
    private readonly CgVectors vectors;
    private readonly double[] weights, sums;
    private readonly int[] columns, lastVisit;
    private int visit;

    internal CgRow(CgProblem problem, CgVectors vectors)
    {
        (this.problem, this.vectors) = (problem, vectors);
        weights = new double[problem.Rows];
        double weight = 1, ratio = Math.Pow(CgProblem.Condition, 1.0 / problem.Rows);
        for (int vector = 0; vector < weights.Length; vector++, weight *= ratio)
            weights[vector] = weight;
        (sums, columns, lastVisit) = (new double[problem.Rows], new int[problem.Rows], new int[problem.Rows]);
    }

    /// <summary>Elements of the row; their columns are then in the workspace.</summary>
    internal int CountColumns(int row)
    {
        int count = 0;
        visit++;
        foreach (int vector in vectors.VectorsAt(row))
            foreach (int column in vectors.Places(vector))
                if (lastVisit[column] != visit)
                {
                    lastVisit[column] = visit;
                    columns[count++] = column;
                }
        return count;
    }

    /// <summary>The row with ascending columns; what is left of the two spans is filled with zeros in the row's own column.</summary>
    internal void Write(int row, Span<int> columnsOut, Span<double> valuesOut)
    {
        foreach (int vector in vectors.VectorsAt(row))
            Add(row, vector);
        int count = CountColumns(row);
        columns.AsSpan(0, count).Sort();
        for (int i = 0; i < count; i++)
        {
            columnsOut[i] = columns[i];
            valuesOut[i] = sums[columns[i]] + (columns[i] == row ? CgProblem.Condition - problem.Shift : 0);
            sums[columns[i]] = 0;
        }
        columnsOut[count..].Fill(row);
        valuesOut[count..].Clear();
    }

    private void Add(int row, int vector)
    {
        ReadOnlySpan<int> places = vectors.Places(vector);
        ReadOnlySpan<double> values = vectors.Values(vector);
        double own = values[places.IndexOf(row)];
        for (int i = 0; i < places.Length; i++)
            sums[places[i]] += own * (weights[vector] * values[i]);
    }
}
