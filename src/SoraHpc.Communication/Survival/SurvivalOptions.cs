namespace SoraHpc.Communication;

/// <summary>How a run goes on when ranks die: when their process or thread vanishes. A rank that fails by an exception of its own ends
/// the run as ever: the same would happen again.</summary>
public sealed record SurvivalOptions
{
    /// <summary>Whether new ranks take the places of the dead, where that can be done; else, and where it fails, the run goes on with fewer. Default: false.</summary>
    public bool Replace { get; init; }

    /// <summary>A rank of which nothing was heard for so long is dead, even if nobody saw it die: its host is gone, or it was stopped. Default: 5 s; at least 100 ms.</summary>
    public TimeSpan Silence { get; init => field = value >= TimeSpan.FromMilliseconds(100) ? value : throw new ArgumentOutOfRangeException(nameof(Silence)); }
        = TimeSpan.FromSeconds(5);

    /// <summary>From the moment a death is known until the world is formed anew, all ranks having left what they did: later, the run ends
    /// with one line. Longer than a rank computes without communicating. Default: 60 s.</summary>
    public TimeSpan Deadline { get; init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(Deadline)); }
        = TimeSpan.FromSeconds(60);

    /// <summary>Once a death is known, a rank has so long to come out of a call that no death ends (making communicators and windows, one-sided access,
    /// parallel HDF5): later, the run ends with one line. Longer than such a call takes by itself. Default: 5 s.</summary>
    public TimeSpan Grace { get; init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(Grace)); } = TimeSpan.FromSeconds(5);

    /// <summary>A file that gets the run's exit code as its only line when the run ends, because a launcher that lets ranks die says nothing
    /// by its own (Open MPI's always ends with 0). Default: null, none.</summary>
    public string? OutcomeFile { get; init; }

    /// <summary>Asked on every rank when the body has returned on all: what <see cref="OutcomeFile"/> then says. The same on all ranks. Default: 0.</summary>
    public Func<int> ExitCode { get; init; } = () => 0;

    /// <summary>Deaths survived in one run, ≥ 1; one more ends it. Default: no limit.</summary>
    public int MostFailures { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MostFailures)); } = int.MaxValue;
}
