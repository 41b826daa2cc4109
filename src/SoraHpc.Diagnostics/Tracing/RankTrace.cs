namespace SoraHpc.Diagnostics.Tracing;

/// <summary>What was recorded on one rank. Times are nanoseconds of rank 0's clock since the run began, unless they say otherwise.</summary>
public sealed record RankTrace
{
    public required int Rank { get; init; }

    /// <summary>Name of its machine.</summary>
    public required string Host { get; init; }

    /// <summary>Its process there.</summary>
    public required int Process { get; init; }

    /// <summary>What its times may be off against rank 0's [s].</summary>
    public required double ClockError { get; init; }

    /// <summary>Spans that were recorded and are not among <see cref="Spans"/>: overwritten, or shorter than all those kept.</summary>
    public required long Lost { get; init; }

    /// <summary>By where they begin, an enclosing span before those inside it.</summary>
    public required TraceEvent[] Spans { get; init; }

    /// <summary>When recording began on this rank.</summary>
    public required long Begin { get; init; }

    /// <summary>Width of a bin of <see cref="Profile"/> [ns].</summary>
    public required double BinWidth { get; init; }

    /// <summary>Seconds per kind, <see cref="TraceProfile.Kinds"/> for each bin: where the whole run's time went.</summary>
    public required float[] Profile { get; init; }

    /// <summary>Seconds by <see cref="RankActivity"/>, without what is nested; they add up to the time recorded.</summary>
    public required double[] Seconds { get; init; }

    /// <summary>Calls by <see cref="RankActivity"/>.</summary>
    public required long[] Calls { get; init; }

    /// <summary>Bytes moved by <see cref="RankActivity"/>.</summary>
    public required long[] Bytes { get; init; }

    /// <summary>Bytes sent to each rank, by messages between two.</summary>
    public required long[] SentBytes { get; init; }

    /// <summary>Messages sent to each rank.</summary>
    public required long[] SentMessages { get; init; }

    /// <summary>Tasks taken from each rank.</summary>
    public required long[] TasksFrom { get; init; }

    /// <summary>Steals from each rank that brought tasks.</summary>
    public required long[] StealsFrom { get; init; }

    /// <summary>Steps done.</summary>
    public required long Steps { get; init; }

    /// <summary>Work done, in the job's unit.</summary>
    public required long Work { get; init; }

    /// <summary>Seconds in a kind.</summary>
    public double SecondsOf(ActivityKind kind) =>
        Enumerable.Range(0, Activities.Count).Where(activity => Activities.KindOf((RankActivity)activity) == kind).Sum(activity => Seconds[activity]);
}
