using System.Collections;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>The rows of a table less its mean, particle by particle, column by column.</summary>
internal sealed class CentredRows : IEnumerable<(DataParticle Particle, double[] Centred, int Count)>
{
    private readonly IEnumerable<DataParticle> particles;
    private readonly double[] mean, row;
    private readonly long count;

    private CentredRows(IEnumerable<DataParticle> particles, ColumnStatistics statistics)
    {
        (this.particles, mean, count) = (particles, statistics.Means, statistics.Counts[0]);
        Columns = particles.First().Columns;
        row = new double[Columns.Count];
    }

    internal IReadOnlyList<string> Columns { get; }

    /// <summary>Looks for numbers that are none, and takes the mean. Collective.</summary>
    internal static CentredRows Of(Communicator ranks, IEnumerable<DataParticle> particles, int components)
    {
        TableCheck.SameColumns(ranks, particles);
        int[] all = [.. Enumerable.Range(0, particles.First().Columns.Count)];
        if (components < 1 || components > all.Length)
            throw new UsageException($"{components} components of {all.Length} columns: give 1 to {all.Length}");
        return new(particles, ColumnStatistics.Of(ranks, particles.Select(particle =>
        {
            Scaling.CheckFinite(particle, all, "finding components");
            return particle;
        }), withVariances: false));
    }

    internal ReadOnlySpan<double> Column(double[] centred, int column, int count) => centred.AsSpan(column * count, count);

    /// <summary>One row; there until the next call.</summary>
    internal double[] Row(double[] centred, int place, int count)
    {
        for (int column = 0; column < row.Length; column++)
            row[column] = centred[column * count + place];
        return row;
    }

    /// <summary>In ascending order: every place by the same operations.</summary>
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>What rank 0 finds, on every rank: processors of different kinds would give other last bits. Collective.</summary>
    internal PrincipalComponents Components(Communicator ranks, int components, Func<(double[][] Directions, double[] SingularValues)> find)
    {
        int n = Columns.Count;
        double[] numbers = new double[components * (n + 1)];
        if (ranks.IsRoot)
        {
            (double[][] directions, double[] values) = find();
            for (int k = 0; k < components; k++)
            {
                double largest = directions[k].MaxBy(Math.Abs);
                for (int i = 0; i < n; i++)
                    numbers[k * n + i] = largest < 0 ? -directions[k][i] : directions[k][i];
                numbers[components * n + k] = values[k];
            }
        }
        ranks.Broadcast<double>(numbers);
        return new(Columns, mean, [.. Enumerable.Range(0, components).Select(k => numbers[(k * n)..((k + 1) * n)])], numbers[(components * n)..], count);
    }

    public IEnumerator<(DataParticle Particle, double[] Centred, int Count)> GetEnumerator()
    {
        double[] centred = [];
        foreach (DataParticle particle in particles)
        {
            int length = particle.Count;
            if (centred.Length < length * Columns.Count)
                centred = new double[length * Columns.Count];
            for (int column = 0; column < Columns.Count; column++)
            {
                Span<double> values = centred.AsSpan(column * length, length);
                particle.Features.CopyColumn(column, values);
                for (int i = 0; i < length; i++)
                    values[i] -= mean[column];
            }
            yield return (particle, centred, length);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
