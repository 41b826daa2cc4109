using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using SoraHpc.Diagnostics;

namespace SoraHpc.Communication.Threads;

/// <summary>A world whose ranks are threads of this process: the same programs, without a launcher. One thread of a rank calls
/// the communication layer at a time.</summary>
public static class ThreadWorld
{
    /// <summary>Stack of a rank [B]: as roomy as a process's main thread is under most launchers.</summary>
    private const int StackBytes = 16 << 20;

    /// <summary>How long ranks that are busy computing may take to notice that the world has failed, before the process ends without them.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Runs <paramref name="body"/> on <paramref name="ranks"/> threads and returns when all have ended. The first failure of a rank
    /// wakes the others out of whatever they wait in and is thrown here.
    /// </summary>
    /// <param name="ranks">Number of ranks, ≥ 1; may exceed the number of cores.</param>
    public static void Run(int ranks, Action<Communicator> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        var world = new WorldState(ranks);
        foreach (Thread thread in Start(world, body))
            thread.Join();
        world.Close();
        world.Failure?.Exception.Throw();
    }

    /// <summary>What <see cref="World.Run"/> does on threads: says the first failure on <see cref="WorldOptions.Error"/> and returns the exit code.</summary>
    internal static int Run(Action<Communicator> body, WorldOptions options)
    {
        if (options.ThreadLevel == ThreadLevel.Multiple)
            throw new UsageException("ranks as threads allow the thread levels up to Serialized: ask for Serialized, or run under a launcher");
        var world = new WorldState(options.Ranks);
        world.OnFailure = failure => options.Error.WriteLine(failure.Rank < 0 ? $"sora: {failure.Reason}"
            : Communication.Failure.Describe(failure.Rank, failure.Exception.SourceException));
        PosixSignalRegistration[] signals = [.. (options.EndsOnStopSignals ? StopSignal.OfBatchSystems : []).Prepend(PosixSignal.SIGINT)
            .Select(signal => PosixSignalRegistration.Create(signal, received => End(world, received)))];
        try
        {
            Join(Start(world, body), world);
        }
        finally
        {
            Array.ForEach(signals, registration => registration.Dispose());
        }
        world.Close();
        return world.Failure?.ExitCode ?? 0;
    }

    // 128 + the signal's number, as a shell reports it.
    private static void End(WorldState world, PosixSignalContext received)
    {
        received.Cancel = true;
        string reason = received.Signal == PosixSignal.SIGINT ? "interrupted" : $"ended by {StopSignal.NameOf(received.Signal)}";
        world.Fail(new(-1, ExceptionDispatchInfo.Capture(new SoraException(reason)), 128 + StopSignal.NumberOf(received.Signal)));
    }

    private static Thread[] Start(WorldState world, Action<Communicator> body)
    {
        var group = new ThreadGroup(world, world.Ranks);
        var threads = new Thread[world.Ranks.Length];
        for (int r = 0; r < threads.Length; r++)
        {
            int rank = r;
            threads[r] = new Thread(() => RunRank(world.Ranks[rank], group, body), StackBytes) { IsBackground = true, Name = $"rank {r}" };
        }
        foreach (Thread thread in threads)
            thread.Start();
        return threads;
    }

    private static void RunRank(ThreadRank rank, ThreadGroup group, Action<Communicator> body)
    {
        try
        {
            body(new ThreadCommunicator(group, rank.WorldRank, topology: null, owned: false));
            if (rank.Requests.ActiveCount is > 0 and int active)
                throw new CommunicationException($"{active} transfers were started and never completed: wait for them", "World.Run", rank.WorldRank, ErrorClass.Pending);
        }
        // The filter runs before the stack unwinds: the others learn of the failure, and let go of this rank's buffers,
        // before a using block frees them or waits for those others in a collective Dispose.
        catch (Exception failure) when (Report(rank, failure))
        {
        }
        finally
        {
            rank.Requests.WithdrawAll();
            rank.Leave();
        }
    }

    private static bool Report(ThreadRank rank, Exception failure)
    {
        rank.World.Fail(new(rank.WorldRank, ExceptionDispatchInfo.Capture(failure), Communication.Failure.ExitCode(failure)));
        rank.Requests.WithdrawAll();
        return true;
    }

    private static void Join(Thread[] threads, WorldState world)
    {
        world.Ended.Wait();                 // set by the first failure, or by the last rank to leave
        DateTime deadline = DateTime.UtcNow + Grace;
        foreach (Thread thread in threads)
        {
            TimeSpan left = deadline - DateTime.UtcNow;
            if (world.Failure is null)
                thread.Join();
            else
                thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }
}
