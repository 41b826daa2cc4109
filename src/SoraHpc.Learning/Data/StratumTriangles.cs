using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Regression;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Data;

/// <summary>The triangle of a QR factorisation of rows that come one by one: of every stratum by itself, then joined in pairs, so that neither particles nor
/// ranks change a bit.</summary>
/// <param name="strata">Whose rows come in ascending order; each stratum is one rank's.</param>
/// <param name="columns">Of a row.</param>
internal sealed class StratumTriangles(Strata strata, int columns)
{
    // Rows on top of which a stratum's triangle is set: many enough that the triangle, which is gone through again, weighs little.
    private readonly double[] pending = new double[(columns + Math.Max(64, 2 * columns)) * columns];
    private readonly SortedDictionary<int, double[]> triangles = [];
    private int current = -1, rows;

    internal void Add(long row, ReadOnlySpan<double> values)
    {
        if (current < 0 || row >= strata.Begin(current + 1))
            Begin(row);
        if (row < strata.Begin(current))
            throw new SoraException($"row {row} comes after rows of a later stratum: particles have to be in ascending order");
        values.CopyTo(pending.AsSpan((columns + rows++) * columns));
        if ((columns + rows) * columns == pending.Length)
            Reduce();
    }

    /// <summary>The triangle of all rows of all ranks, the same on each. Collective.</summary>
    internal double[] Join(Communicator ranks)
    {
        Reduce();
        int[] numbers = ranks.Allgatherv<int>([.. triangles.Keys]);
        double[] all = ranks.Allgatherv<double>([.. triangles.Values.SelectMany(triangle => triangle)]);
        int[] order = [.. Enumerable.Range(0, numbers.Length).OrderBy(i => numbers[i])];
        for (int i = 1; i < order.Length; i++)
            if (numbers[order[i]] == numbers[order[i - 1]])
                throw new SoraException($"rows of stratum {numbers[order[i]]} are on two ranks: triangles need whole strata, as a table deals them");
        double[] Tree(int begin, int end) => end - begin == 1 ? all[(order[begin] * columns * columns)..((order[begin] + 1) * columns * columns)]
            : Householder.Join(Tree(begin, begin + (end - begin) / 2), Tree(begin + (end - begin) / 2, end), columns);
        return Tree(0, order.Length);
    }

    private void Begin(long row)
    {
        Reduce();
        current = Math.Max(current, 0);
        while (row >= strata.Begin(current + 1))
            current++;
        pending.AsSpan(0, columns * columns).Clear();
    }

    private void Reduce()
    {
        if (rows == 0)
            return;
        double[] triangle = Householder.Triangle(pending.AsSpan(0, (columns + rows) * columns), columns);
        triangle.CopyTo(pending.AsSpan());
        (triangles[current], rows) = (triangle, 0);
    }
}
