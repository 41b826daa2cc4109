namespace SoraHpc.Diagnostics.Tracing;

/// <summary>What a rank is doing. The order is the one in which reports list them; a trace file names them by their words.</summary>
public enum RankActivity : byte
{
    /// <summary>Between the spans that are recorded: setting up, deciding, the caller's own code.</summary>
    Other,
    /// <summary>The job's own work: a step, or tasks.</summary>
    Compute,
    /// <summary>Reading what is computed on, and preparing it.</summary>
    Load,
    /// <summary>Waiting for started transfers.</summary>
    Wait,
    Send,
    Receive,
    SendReceive,
    /// <summary>Waiting for a message without receiving it.</summary>
    Probe,
    Barrier,
    Broadcast,
    Reduce,
    Allreduce,
    Scan,
    ReduceScatter,
    Gather,
    Scatter,
    Allgather,
    Alltoall,
    /// <summary>A collective among neighbours.</summary>
    Neighbors,
    /// <summary>Numbers from a file.</summary>
    Read,
    /// <summary>Numbers into a file.</summary>
    Write,
    /// <summary>Taking tasks from another rank.</summary>
    Steal,
    /// <summary>Without tasks, looking for some.</summary>
    Idle,
    Checkpoint,
    /// <summary>Moving blocks to other ranks, and deciding on it.</summary>
    Migrate,
    /// <summary>The sync protocol between steps.</summary>
    Sync,
    /// <summary>Gathering and writing results.</summary>
    Finish,
}

/// <summary>What activities have in common.</summary>
public static class Activities
{
    /// <summary>How many there are.</summary>
    public const int Count = (int)RankActivity.Finish + 1;

    /// <summary>The kind that pictures colour by.</summary>
    public static ActivityKind KindOf(RankActivity activity) => activity switch
    {
        RankActivity.Compute => ActivityKind.Compute,
        RankActivity.Wait or RankActivity.Probe or RankActivity.Idle => ActivityKind.Wait,
        RankActivity.Send => ActivityKind.Send,
        RankActivity.Receive or RankActivity.SendReceive => ActivityKind.Receive,
        >= RankActivity.Barrier and <= RankActivity.Neighbors or RankActivity.Sync => ActivityKind.Collective,
        RankActivity.Read or RankActivity.Write or RankActivity.Load or RankActivity.Finish => ActivityKind.Io,
        RankActivity.Steal => ActivityKind.Steal,
        RankActivity.Checkpoint => ActivityKind.Checkpoint,
        RankActivity.Migrate => ActivityKind.Migrate,
        _ => ActivityKind.Other,
    };

    /// <summary>True where the rank can go on only when another one does something.</summary>
    public static bool IsBlocked(RankActivity activity) => activity is RankActivity.Wait or RankActivity.Probe
        or RankActivity.Send or RankActivity.Receive or RankActivity.SendReceive or >= RankActivity.Barrier and <= RankActivity.Neighbors;
}

/// <summary>Activities by what they cost a run.</summary>
public enum ActivityKind : byte { Other, Compute, Wait, Send, Receive, Collective, Io, Steal, Checkpoint, Migrate }
