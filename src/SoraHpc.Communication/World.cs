namespace SoraHpc.Communication;

/// <summary>How many threads of a rank may call the communication layer.</summary>
public enum ThreadLevel
{
    /// <summary>The rank has one thread.</summary>
    Single,
    /// <summary>Only the thread that opened the world calls.</summary>
    Funneled,
    /// <summary>Any thread calls, one at a time.</summary>
    Serialized,
    /// <summary>Any thread calls at any time.</summary>
    Multiple,
}

/// <summary>How the ranks of a run come to be. The defaults do the right thing under a launcher and without one.</summary>
public sealed record WorldOptions
{
    /// <summary>Processes under a launcher, else threads; or one of the two by force. Default: null, look at the launcher's environment.</summary>
    public Transport? Transport { get; init; }

    /// <summary>Ranks when they are threads, ≥ 1. Default: 1. Under MPI the launcher decides.</summary>
    public int Ranks { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Ranks)); } = 1;

    /// <summary>The MPI library: a path, a file name, or "openmpi" / "mpich". Default: null, find it.</summary>
    public string? MpiLibrary { get; init; }

    /// <summary>Thread level asked of MPI.</summary>
    public ThreadLevel ThreadLevel { get; init; } = ThreadLevel.Funneled;

    /// <summary>Where the one line about a failure goes. Default: standard error.</summary>
    public TextWriter Error { get; init; } = Console.Error;
}
