using SoraHpc.Communication;
using SoraHpc.Learning.Training;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Data;

/// <summary>A few directions among the columns that powers of AᵀA turn towards the table's largest. The same on every rank.</summary>
internal sealed class RandomSubspace
{
    // Streams of a seed: splits of rows have 2⁵⁶.
    private const ulong Stream = (1UL << 56) + 1;

    private readonly Communicator ranks;
    private readonly CentredRows rows;
    private readonly int columns;

    internal RandomSubspace(Communicator ranks, CentredRows rows, int width, ulong seed)
    {
        (this.ranks, this.rows, columns, Width) = (ranks, rows, rows.Columns.Count, width);
        Directions = new double[width * columns];
        new RandomSequence(seed, Stream).FillNormal(0, Directions);
        Orthonormalise();
    }

    internal int Width { get; }

    /// <summary>Width × columns, orthonormal.</summary>
    internal double[] Directions { get; private set; }

    /// <summary>AᵀA times the directions, orthonormal again. Sums over rows are exact. One pass; collective.</summary>
    internal void Multiply()
    {
        ColumnSums sums = new(Width * columns);
        double[] along = [];
        foreach ((_, double[] centred, int count) in rows)
        {
            Array.Resize(ref along, count);
            for (int k = 0; k < Width; k++)
            {
                Along(k, centred, along);
                for (int column = 0; column < columns; column++)
                    sums.AddProduct(k * columns + column, along, rows.Column(centred, column, count));
            }
        }
        Directions = sums.Allreduce(ranks);
        Orthonormalise();
    }

    /// <summary>The triangle of A times the directions. One pass; collective.</summary>
    internal double[] Triangle(Strata strata)
    {
        StratumTriangles triangles = new(strata, Width);
        double[] projected = new double[Width];
        foreach ((DataParticle particle, double[] centred, int count) in rows)
            for (int i = 0; i < count; i++)
            {
                double[] row = rows.Row(centred, i, count);
                for (int k = 0; k < Width; k++)
                    projected[k] = CentredRows.Dot(row, Directions.AsSpan(k * columns, columns));
                triangles.Add(particle.Rows[i], projected);
            }
        return triangles.Join(ranks);
    }

    private void Along(int k, double[] centred, Span<double> along)
    {
        along.Clear();
        for (int column = 0; column < columns; column++)
        {
            double factor = Directions[k * columns + column];
            ReadOnlySpan<double> values = rows.Column(centred, column, along.Length);
            for (int i = 0; i < along.Length; i++)
                along[i] += factor * values[i];
        }
    }

    // Gram and Schmidt, twice: once leaves what rounding brought back. What is left of a direction that is none is 0, and stays so.
    private void Orthonormalise()
    {
        for (int k = 0; k < Width; k++)
        {
            Span<double> direction = Directions.AsSpan(k * columns, columns);
            double before = Math.Sqrt(CentredRows.Dot(direction, direction));
            for (int pass = 0; pass < 2; pass++)
                for (int other = 0; other < k; other++)
                    Remove(Directions.AsSpan(other * columns, columns), direction);
            double length = Math.Sqrt(CentredRows.Dot(direction, direction));
            for (int i = 0; i < columns; i++)
                direction[i] = length > 1e-14 * before ? direction[i] / length : 0;
        }
    }

    private static void Remove(ReadOnlySpan<double> other, Span<double> from)
    {
        double along = CentredRows.Dot(from, other);
        for (int i = 0; i < from.Length; i++)
            from[i] -= along * other[i];
    }
}
