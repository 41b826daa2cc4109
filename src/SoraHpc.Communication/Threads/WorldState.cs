using System.Runtime.ExceptionServices;

namespace SoraHpc.Communication.Threads;

/// <summary>Why a world of threads ended early.</summary>
/// <param name="Rank">The world rank that failed; −1 for a signal.</param>
internal sealed record WorldFailure(int Rank, ExceptionDispatchInfo Exception, int ExitCode)
{
    /// <summary>For the messages of the ranks it takes along.</summary>
    internal string Reason => Rank < 0 ? Exception.SourceException.Message : $"rank {Rank} failed: {Exception.SourceException.Message}";
}

/// <summary>What all ranks of one world of threads share: who is there, who has left, and the first failure.</summary>
internal sealed class WorldState
{
    private WorldFailure? failure;
    private int left;
    private volatile bool closed;

    internal WorldState(int ranks)
    {
        // With a core for every rank an answer often comes within a few microseconds; without, the core is better given away.
        int spins = ranks <= Environment.ProcessorCount ? 200 : 4;
        Ranks = new ThreadRank[ranks];
        for (int r = 0; r < ranks; r++)
            Ranks[r] = new ThreadRank(this, r, spins);
    }

    internal ThreadRank[] Ranks { get; }

    internal WorldFailure? Failure => Volatile.Read(ref failure);

    /// <summary>Called once, with the first failure, on the rank that failed.</summary>
    internal Action<WorldFailure>? OnFailure { get; set; }

    /// <summary>Set when nothing is left to wait for but the threads themselves.</summary>
    internal ManualResetEventSlim Ended { get; } = new();

    /// <summary>Ranks whose body has returned or thrown.</summary>
    internal int LeftCount => Volatile.Read(ref left);

    /// <summary>Records the failure if it is the first and wakes every rank.</summary>
    internal void Fail(WorldFailure first)
    {
        if (Interlocked.CompareExchange(ref failure, first, null) is not null)
            return;
        OnFailure?.Invoke(first);
        WakeAll();
        Ended.Set();
    }

    internal void CountLeft()
    {
        if (Interlocked.Increment(ref left) == Ranks.Length)
            Ended.Set();
        WakeAll();
    }

    internal void Close() => closed = true;

    /// <summary>Throws when the world has failed or is closed: every call and every wait passes here.</summary>
    internal void ThrowIfEnded(ThreadRank rank, string call)
    {
        if (closed || Volatile.Read(ref failure) is not null)
            ThrowEnded(rank, call);
    }

    private void ThrowEnded(ThreadRank rank, string call)
    {
        if (Failure is { } first)
            throw new CommunicationException(first.Reason, call, rank.WorldRank, ErrorClass.Aborted);
        throw new CommunicationException("the world is closed", call, rank.WorldRank, ErrorClass.Closed);
    }

    private void WakeAll()
    {
        foreach (ThreadRank rank in Ranks)
            rank.Wake();
    }
}
