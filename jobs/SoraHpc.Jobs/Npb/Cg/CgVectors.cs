namespace SoraHpc.Jobs.Npb.Cg;

/// <summary>
/// The sparse random vectors x_i whose outer products make the matrix, and for each row which of them have an element there. Every
/// rank makes all of them: how many numbers a vector draws is known only when it is drawn.
/// </summary>
/// <remarks>Vector i has 0.5 at place i. Source: RNR-94-007, section 2.4.</remarks>
internal sealed class CgVectors
{
    private readonly int stride;
    private readonly int[] places, lengths;
    private readonly double[] values;
    private readonly int[] rowStarts, vectorsOfRow;

    internal CgVectors(CgProblem problem)
    {
        int rows = problem.Rows;
        stride = problem.NonZeros + 1;
        (places, values, lengths) = (new int[rows * stride], new double[rows * stride], new int[rows]);
        NpbRandom random = new(NpbRandom.Seed);
        random.Next();
        for (int vector = 0; vector < rows; vector++)
            lengths[vector] = Draw(problem, vector, ref random);
        (rowStarts, vectorsOfRow) = Transposed(rows);
    }

    /// <summary>Places of vector <paramref name="vector"/>'s elements, in the order drawn.</summary>
    internal ReadOnlySpan<int> Places(int vector) => places.AsSpan(vector * stride, lengths[vector]);

    /// <summary>Its elements, in the same order.</summary>
    internal ReadOnlySpan<double> Values(int vector) => values.AsSpan(vector * stride, lengths[vector]);

    /// <summary>The vectors that have an element at <paramref name="row"/>, ascending.</summary>
    internal ReadOnlySpan<int> VectorsAt(int row) => vectorsOfRow.AsSpan(rowStarts[row], rowStarts[row + 1] - rowStarts[row]);

    // A value and a place are drawn together; both are dropped when the place is outside or taken.
    private int Draw(CgProblem problem, int vector, ref NpbRandom random)
    {
        Span<int> place = places.AsSpan(vector * stride, stride);
        Span<double> value = values.AsSpan(vector * stride, stride);
        double range = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)problem.Rows);
        int length = 0;
        while (length < problem.NonZeros)
        {
            double element = random.Next();
            int at = (int)(range * random.Next());
            if (at >= problem.Rows || place[..length].Contains(at))
                continue;
            (place[length], value[length]) = (at, element);
            length++;
        }
        int own = place[..length].IndexOf(vector);
        if (own < 0)
            place[own = length++] = vector;
        value[own] = 0.5;
        return length;
    }

    private (int[] Starts, int[] Vectors) Transposed(int rows)
    {
        int[] starts = new int[rows + 1];
        for (int vector = 0; vector < rows; vector++)
            foreach (int place in Places(vector))
                starts[place + 1]++;
        for (int row = 0; row < rows; row++)
            starts[row + 1] += starts[row];
        int[] next = starts[..rows], vectors = new int[starts[rows]];
        for (int vector = 0; vector < rows; vector++)
            foreach (int place in Places(vector))
                vectors[next[place]++] = vector;
        return (starts, vectors);
    }
}
