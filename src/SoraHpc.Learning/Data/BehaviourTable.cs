using SoraHpc.Diagnostics;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Data;

/// <summary>Made-up visits to a shop, and whether somebody bought: <c>visits</c> and <c>seconds</c> (log-normal), <c>device</c> (a category, 0 to 3), <c>basket</c> (an amount, 0 for two
/// of three visitors), then normal numbers <c>x0</c>, <c>x1</c>, …. The label is 1 with the probability that a known logistic model gives. Every number is
/// found by its row, so any part of the table can be made anywhere.</summary>
public sealed record BehaviourTable
{
    private const int Named = 4;

    // Streams of a seed, one for each column: splits of rows have 2⁵⁶.
    private const ulong Stream = 1UL << 57;

    /// <summary>The fewest columns it can have.</summary>
    public const int LeastColumns = Named;

    /// <summary>Of features, ≥ <see cref="LeastColumns"/>. Default: 8.</summary>
    public int Columns { get; init => field = value >= LeastColumns ? value : throw new UsageException($"{value} columns: give {LeastColumns} or more"); } = 8;

    /// <summary>Share of numbers that are missing, in [0, 1]. Default: 0.</summary>
    public double Missing { get; init => field = value is >= 0 and <= 1 ? value : throw new UsageException(FormattableString.Invariant($"a share of {value} missing: give 0 to 1")); }

    /// <summary>Of the numbers. Default: 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The first row from which on everything that made visitors buy keeps them from it, and the other way round; long.MaxValue, the default: it never changes.</summary>
    public long DriftAt { get; init => field = value >= 0 ? value : throw new UsageException($"behaviour that changes at row {value}: give 0 or more"); } = long.MaxValue;

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Names => ["visits", "seconds", "device", "basket", .. Enumerable.Range(0, Columns - Named).Select(i => $"x{i}")];

    /// <summary>The rows [begin, begin + count).</summary>
    public DataParticle Rows(long begin, int count)
    {
        double[] features = new double[checked(count * Columns)], labels = new double[count];
        for (int i = 0; i < count; i++)
        {
            Span<double> row = features.AsSpan(i * Columns, Columns);
            for (int column = 0; column < Columns; column++)
                row[column] = Number(column, Sequence(column).UniformAt(begin + i));
            labels[i] = Sequence(Columns).UniformAt(begin + i) < Probability(row, begin + i < DriftAt ? 1 : -1) ? 1 : 0;
            RandomSequence gaps = Sequence(Columns + 1);
            for (int column = 0; column < Columns && Missing > 0; column++)
                if (gaps.UniformAt((begin + i) * Columns + column) < Missing)
                    row[column] = double.NaN;
        }
        return new(Names, [.. Enumerable.Range(0, count).Select(i => begin + i)], new DenseFeatures(Columns, features), labels);
    }

    private RandomSequence Sequence(int column) => new(Seed, Stream + (ulong)column);

    private static double Number(int column, double uniform) => column switch
    {
        0 => Math.Floor(Math.Exp(0.8 * NormalQuantile.Of(uniform) + 1)),
        1 => Math.Exp(NormalQuantile.Of(uniform) + 4),
        2 => Math.Floor(4 * uniform),
        3 => uniform < 2.0 / 3 ? 0 : Math.Exp(NormalQuantile.Of(3 * uniform - 2) + 3),
        _ => NormalQuantile.Of(uniform),
    };

    private static double Probability(ReadOnlySpan<double> row, double sign)
    {
        double odds = -1.5 + 0.3 * Math.Log(1 + row[0]) + (row[2] == 1 ? 0.7 : 0) + (row[3] > 0 ? 0.8 : 0);
        for (int i = Named; i < row.Length; i += 2)
            odds += (i % 4 == 0 ? 1 : -1) * row[i] / (i - 2);
        return 1 / (1 + Math.Exp(-sign * odds));
    }
}
