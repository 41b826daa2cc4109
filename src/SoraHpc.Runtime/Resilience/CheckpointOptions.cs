using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Resilience;

/// <summary>Where and when a run leaves checkpoints, and whether it goes on from one.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Directory of this run's checkpoints, and of nothing else; made if it is not there. The newest two are kept; a run that ends well leaves none. Null: no files.</summary>
    public string? Directory { get; init => field = value is not "" ? value : throw new UsageException("the checkpoints need a directory"); }

    /// <summary>When the next file is due. Default: ten minutes after the last.</summary>
    public CheckpointInterval Interval { get; init; } = CheckpointInterval.Default;

    /// <summary>When the next copy in memory is due, from which a run that survives the death of ranks goes on, and one whose numbers have gone
    /// wrong goes back; null: none are made. Independent of the files. With <see cref="CheckpointInterval.Cheap"/> and no directory a job that cannot save
    /// goes without. Default: null.</summary>
    public CheckpointInterval? Copies { get; init; }

    /// <summary>For trying on one machine: so many ranks count as a host, and copies go to another. Default: 0, hosts are what they are.</summary>
    public int RanksPerNode { get; init => field = value >= 0 ? value : throw new UsageException($"{value} ranks do not make a host"); }

    /// <summary>Start from the newest checkpoint in the directory instead of the data. Default: false, and then there must be none.</summary>
    public bool Restart { get; init; }

    /// <summary>With <see cref="Restart"/>: where there is no checkpoint, begin at the beginning instead of refusing to. Default: false.</summary>
    public bool RestartIsOptional { get; init; }

    /// <summary>Asks the run to end early: cancelled on any rank it has every rank save after the same step and throw
    /// <see cref="RunStoppedException"/>, within about a second and two steps. Heard where there is a directory. Default: nobody asks.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>File with the key the checkpoints are encrypted with; null: they are not.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Write, or send, while the next steps compute, from a copy. False: the run waits until each is complete. Default: true.</summary>
    public bool InBackground { get; init; } = true;
}
