using SoraHpc.Communication.Faults;
using SoraHpc.Communication.Mpi;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;

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

    /// <summary>Ranks when they are threads, in [1, 10,000]. Default: 1. Under MPI the launcher decides.</summary>
    public int Ranks { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Ranks)); } = 1;

    /// <summary>The MPI library: a path, a file name, or "openmpi" / "mpich". Default: null, find it.</summary>
    public string? MpiLibrary { get; init; }

    /// <summary>Thread level asked of MPI.</summary>
    public ThreadLevel ThreadLevel { get; init; } = ThreadLevel.Funneled;

    /// <summary>SIGTERM and SIGUSR1, by which batch systems announce the end of a job's time, end the run on all ranks with one line and 128 + the
    /// signal's number. False: the caller sees to them, and on threads to SIGINT too. Default: true. SIGINT else always ends it.</summary>
    public bool EndsOnStopSignals { get; init; } = true;

    /// <summary>Where the one line about a failure goes, or about a recovery. Default: standard error.</summary>
    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>How the run goes on without the ranks that die. Default: null, a death ends the run.</summary>
    public SurvivalOptions? Survival { get; init; }

    /// <summary>Whether every message between two ranks carries a checksum, is compared with it when it has arrived, and sent again when it
    /// is lost or wrong; one that stays so ends the run. On threads; MPI answers for its own messages. Costs as much as the copy. Default: false.</summary>
    public bool CheckMessages { get; init; }

    /// <summary>What is made to go wrong, on threads only: for tests of what survives it. Default: null, nothing.</summary>
    public FaultSchedule? Faults { get; init; }
}

/// <summary>All ranks of a run: opened, handed to the body as one communicator, and closed in the right order.</summary>
public static class World
{
    /// <summary>
    /// Runs <paramref name="body"/> on every rank and returns the exit code. Under a launcher this process is one rank; without one
    /// the ranks are threads. A failure on any rank ends all of them: its rank and reason are the first line on
    /// <see cref="WorldOptions.Error"/>, the exit code is 1, or 2 for wrong usage.
    /// </summary>
    /// <remarks>
    /// With <see cref="WorldOptions.Survival"/> the death of a rank is no failure: every call that waits then throws
    /// <see cref="RankFailureException"/> on the others, and when it has come out of the body, the body is called again, on all ranks of a
    /// new world: the living in their old order, replacements in the places of the dead. The body goes on from what it has kept in
    /// <see cref="Communicator.Memory"/> or on disk, as after a restart. The run has ended when the body has returned on all ranks.
    /// Under MPI the process ends here, with exit code 0, when ranks have died: closing MPI would wait for them.
    /// </remarks>
    public static int Run(Action<Communicator> body, WorldOptions? options = null)
    {
        options ??= new WorldOptions();
        LaunchEnvironment launch = LaunchEnvironment.Read();
        bool isMpi = (options.Transport ?? launch.Transport) == Transport.Mpi;
        if (isMpi && (options.Faults is not null || options.CheckMessages))
            throw new UsageException("faults are injected and messages checked where ranks are threads: leave them out under a launcher, or run without one");
        return isMpi
            ? MpiWorld.Run(body, options, launch)
            : ThreadWorld.Run(body, options);
    }
}
