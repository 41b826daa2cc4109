namespace SoraHpc.Communication.Faults;

/// <summary>What <see cref="FaultSchedule.Draw"/> draws from: how many faults of each kind, on how many ranks, within how many calls.</summary>
public sealed record FaultMix
{
    /// <summary>Ranks the run begins with, ≥ 1.</summary>
    public int Ranks { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Ranks)); } = 2;

    /// <summary>Calls of a rank in a run without faults, ≥ 1: every one of them is as likely a moment.</summary>
    public long Calls { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Calls)); } = 100;

    /// <summary>Most moments at which ranks die; at one in four of them two die at once, at one in eight it is on the way to the next world. Default: 0.</summary>
    public int MostDeaths { get; init; }

    /// <summary>Most delays. Default: 0.</summary>
    public int MostDelays { get; init; }

    /// <summary>Most losses; one in sixteen goes on until the sender gives up. Default: 0.</summary>
    public int MostLosses { get; init; }

    /// <summary>Most corruptions; one in sixteen goes on until the sender gives up. Default: 0.</summary>
    public int MostCorruptions { get; init; }
}
