using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Resilience;

/// <summary>How far it is from one checkpoint to the next: a wall time, a number of steps, or as long as costs least where failures come so often.</summary>
public sealed record CheckpointInterval
{
    // Before the first checkpoint has shown its cost: soon, as a part of the time between failures, but not sooner than pays by default.
    private const double FirstPart = 0.01;

    // Of what is made as often as costs little: never more often than this [s], nor, for what it would lose, much more seldom.
    private const double Shortest = 1, Longest = 60;

    private CheckpointInterval() { }

    /// <summary>Ten minutes.</summary>
    public static CheckpointInterval Default { get; } = Every(TimeSpan.FromMinutes(10));

    /// <summary>As often as takes 1 % of the time, by what each is measured to cost: once a second at most, once a minute at least.</summary>
    public static CheckpointInterval Cheap { get; } = new() { PartOfTime = 0.01 };

    /// <summary>Part of the run's time that checkpoints may take; null where the interval does not follow their cost.</summary>
    public double? PartOfTime { get; private init; }

    /// <summary>Wall time from one checkpoint to the next, by rank 0's clock; null where it is not by time.</summary>
    public TimeSpan? Time { get; private init; }

    /// <summary>Steps from one checkpoint to the next; null where it is not by steps.</summary>
    public long? Steps { get; private init; }

    /// <summary>Mean time between failures of all that the run needs; null where the interval does not follow it.</summary>
    public TimeSpan? MeanTimeBetweenFailures { get; private init; }

    /// <summary>By wall time, &gt; 0.</summary>
    public static CheckpointInterval Every(TimeSpan time) => new() { Time = Positive(time, "the time between checkpoints") };

    /// <summary>By steps, ≥ 1: after every step whose number is a multiple.</summary>
    public static CheckpointInterval EverySteps(long steps) => new()
    {
        Steps = steps >= 1 ? steps : throw new UsageException($"the steps between checkpoints must be 1 or more, not {steps}"),
    };

    /// <summary>As long as costs least, from the time a checkpoint is measured to take and the mean time between failures, &gt; 0.</summary>
    public static CheckpointInterval ForFailures(TimeSpan meanTime) => new() { MeanTimeBetweenFailures = Positive(meanTime, "the mean time between failures") };

    /// <summary>
    /// The time between checkpoints that costs least in checkpoints and lost work together, √(2·C·M); M where a checkpoint takes as long
    /// as half of it or longer.
    /// </summary>
    /// <param name="cost">C [s]: the run stands still for so long for one checkpoint, ≥ 0.</param>
    /// <param name="meanTimeBetweenFailures">M [s], &gt; 0.</param>
    /// <remarks>Source: Young, Comm. ACM 17 (1974) 530–531; the bound from Daly, Future Gener. Comput. Syst. 22 (2006) 303–312.</remarks>
    public static double Optimum(double cost, double meanTimeBetweenFailures) =>
        cost < meanTimeBetweenFailures / 2 ? Math.Sqrt(2 * cost * meanTimeBetweenFailures) : meanTimeBetweenFailures;

    /// <summary>Wall time to the next checkpoint [s]; infinite where it goes by steps.</summary>
    /// <param name="cost">What the last one cost [s]; NaN before the first.</param>
    internal double Seconds(double cost)
    {
        if (PartOfTime is { } part)
            return double.IsNaN(cost) ? Shortest : Math.Clamp(cost / part, Shortest, Longest);
        if (MeanTimeBetweenFailures is not { TotalSeconds: var mean })
            return Time?.TotalSeconds ?? double.PositiveInfinity;
        return double.IsNaN(cost) ? Math.Min(Default.Time!.Value.TotalSeconds, FirstPart * mean) : Optimum(cost, mean);
    }

    /// <summary>As it is written: 90s, 10m, 2h, 1d, 500ms or 500steps.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static CheckpointInterval Parse(string text)
    {
        if (!text.EndsWith("steps", StringComparison.Ordinal))
            return Every(ParseTime(text));
        return long.TryParse(text.AsSpan(0, text.Length - "steps".Length), NumberStyles.None, CultureInfo.InvariantCulture, out long steps)
            ? EverySteps(steps)
            : throw new UsageException($"'{text}' is no number of steps: write it like 500steps");
    }

    /// <summary>A time as it is written: 500ms, 90s, 10m, 24h, 2d.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static TimeSpan ParseTime(string text)
    {
        (string Unit, double Seconds)[] units = [("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];
        foreach ((string unit, double seconds) in units)
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count * seconds < 1e9)
                return TimeSpan.FromSeconds(count * seconds);
        throw new UsageException($"'{text}' is no time: write it like 90s, 10m or 24h");
    }

    /// <inheritdoc/>
    public override string ToString() => PartOfTime is { } part ? string.Create(CultureInfo.InvariantCulture, $"in {part:P0} of the time") : Steps is { } steps ? $"every {steps} step{(steps == 1 ? "" : "s")}"
        : MeanTimeBetweenFailures is { } mean ? $"for a failure every {Text(mean)}" : $"every {Text(Time!.Value)}";

    private static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture,
        $"{(time.TotalHours >= 2 ? time.TotalHours : time.TotalMinutes >= 2 ? time.TotalMinutes : time.TotalSeconds):0.###} {(time.TotalHours >= 2 ? "h" : time.TotalMinutes >= 2 ? "min" : "s")}");

    private static TimeSpan Positive(TimeSpan time, string what) => time > TimeSpan.Zero ? time : throw new UsageException($"{what} must be more than 0, not {time.TotalSeconds} s");
}
