using System.Runtime.InteropServices;
using SoraHpc.Diagnostics;

namespace SoraHpc.Communication.Threads;

/// <summary>A world whose ranks are threads of this process: the same programs, without a launcher. One thread of a rank calls
/// the communication layer at a time.</summary>
public static class ThreadWorld
{
    /// <summary>How long ranks that are busy computing may take to notice that the world has failed, before the process ends without them.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Linux gives a process 65,530 mappings unless told otherwise, of which a thread takes about four: where they run out, .NET aborts.</summary>
    private const int MostRanks = 10_000;

    /// <summary>
    /// Runs <paramref name="body"/> on <paramref name="ranks"/> threads and returns when all have ended. The first failure of a rank
    /// wakes the others out of whatever they wait in and is thrown here.
    /// </summary>
    /// <param name="ranks">Number of ranks, ≥ 1; may exceed the number of cores.</param>
    public static void Run(int ranks, Action<Communicator> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        var run = new ThreadRun(body, new WorldOptions { Ranks = ranks });
        run.Start();
        run.Join(Timeout.InfiniteTimeSpan);
        run.Failure?.Exception.Throw();
    }

    /// <summary>What <see cref="World.Run"/> does on threads: says the first failure on <see cref="WorldOptions.Error"/> and returns the exit code.</summary>
    internal static int Run(Action<Communicator> body, WorldOptions options)
    {
        if (options.ThreadLevel == ThreadLevel.Multiple)
            throw new UsageException("ranks as threads allow the thread levels up to Serialized: ask for Serialized, or run under a launcher");
        if (options.Ranks > MostRanks)
            throw new UsageException($"{options.Ranks} ranks as threads of one process: {MostRanks} at most; run them as processes under a launcher");
        // Wrong usage is the same for all: they share one command line.
        var run = new ThreadRun(body, options, failure => options.Error.WriteLine(failure.Rank < 0 || failure.Exception.SourceException is UsageException
            ? $"sora: {failure.Exception.SourceException.Message}" : Communication.Failure.Describe(failure.Rank, failure.Exception.SourceException)));
        PosixSignalRegistration[] signals = [.. (options.EndsOnStopSignals ? StopSignal.OfBatchSystems.Prepend(PosixSignal.SIGINT) : [])
            .Select(signal => PosixSignalRegistration.Create(signal, received => End(run, received)))];
        try
        {
            run.Start();
            run.Join(Grace);
        }
        finally
        {
            Array.ForEach(signals, registration => registration.Dispose());
        }
        return run.Failure?.ExitCode ?? 0;
    }

    // 128 + the signal's number, as a shell reports it.
    private static void End(ThreadRun run, PosixSignalContext received)
    {
        received.Cancel = true;
        string reason = received.Signal == PosixSignal.SIGINT ? "interrupted" : $"ended by {StopSignal.NameOf(received.Signal)}";
        run.Fail(new SoraException(reason), StopSignal.ExitCodeOf(received.Signal));
    }
}
