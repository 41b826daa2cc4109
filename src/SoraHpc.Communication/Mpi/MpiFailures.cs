using System.Runtime.InteropServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>
/// Ends the whole job when this rank cannot go on: an exception out of the body or on any thread, an exit before the world is closed,
/// SIGINT, SIGTERM, SIGUSR1. Without it the other ranks would wait for this one for ever. The reason is one line on standard error.
/// </summary>
internal sealed unsafe class MpiFailures(MpiFunctions mpi, MpiAbi abi, int worldRank, TextWriter error) : IDisposable
{
    // When several ranks fail for the same reason, the lowest speaks and ends the job while the others still wait: rank r > 0 waits
    // 500 + 40 r ms, the first of which the launcher needs to reach it on a busy machine.
    private const int FirstDelayMilliseconds = 500, DelayPerRankMilliseconds = 40, LongestDelayMilliseconds = 1500;
    // SIGTERM is also how a launcher ends the ranks of a job that another rank aborted; SIGKILL follows after a second (Open MPI).
    // Only a rank that is still there afterwards was meant itself, and says so.
    private const int TerminationMilliseconds = 1500;
    // Launchers print a notice of their own when a rank aborts; the reason should stand above it.
    private const int HeadStartMilliseconds = 20;
    // MPI_Abort normally never returns; a library that hangs in it is left by the back door.
    private const int AbortLimitMilliseconds = 2000;

    private readonly List<PosixSignalRegistration> signals = [];
    private readonly ManualResetEventSlim terminated = new();
    private int ending;
    private Timer? following;
    private volatile bool isFollowing;

    /// <summary>Told the exit code before the job is ended.</summary>
    internal Action<int>? Ending { get; set; }

    /// <summary>From now until <c>Dispose</c> every way out of the process goes through <c>MPI_Abort</c>.</summary>
    /// <param name="stopSignals">SIGTERM and SIGUSR1 are ways out too.</param>
    internal void Watch(bool stopSignals)
    {
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        if (stopSignals)
            signals.AddRange(StopSignal.OfBatchSystems.Select(signal => PosixSignalRegistration.Create(signal, OnSignal)));
    }

    /// <summary>Says what happened and ends the job; does not return.</summary>
    internal void End(Exception failure) => End(Failure.Describe(worldRank, failure), Failure.ExitCode(failure));

    /// <summary>As above, with the line and exit code given.</summary>
    internal void End(string line, int exitCode)
    {
        if (Interlocked.Exchange(ref ending, 1) != 0)
            Thread.Sleep(Timeout.Infinite);             // another thread is already ending the job
        int delay = worldRank == 0 ? 0 : Math.Min(FirstDelayMilliseconds + DelayPerRankMilliseconds * worldRank, LongestDelayMilliseconds);
        if (terminated.Wait(delay))
            Thread.Sleep(TerminationMilliseconds);
        if (isFollowing)
            Thread.Sleep(Timeout.Infinite);             // another rank has spoken meanwhile
        error.WriteLine(line);
        error.Flush();
        Ending?.Invoke(exitCode);
        Thread.Sleep(HeadStartMilliseconds);
        AbortWithin(AbortLimitMilliseconds, exitCode);
    }

    /// <summary>Ends the process if this is not disposed in time: for a finalisation that may hang.</summary>
    internal Timer LeaveAfter(int milliseconds, int exitCode) => new(_ => AbortWithin(AbortLimitMilliseconds, exitCode), null, milliseconds, Timeout.Infinite);

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        foreach (PosixSignalRegistration signal in signals)
            signal.Dispose();
        signals.Clear();
    }

    /// <summary>Another rank ends the job and has said why: leaves with its exit code, if the launcher has not ended this one by then.</summary>
    internal void Follow(int exitCode)
    {
        isFollowing = true;
        _ = Interlocked.Exchange(ref ending, 1);
        following = new Timer(_ => DynamicLoader.ExitNow(exitCode), null, LongestDelayMilliseconds, Timeout.Infinite);
    }

    private void AbortWithin(int milliseconds, int exitCode)
    {
        Thread limit = new(() =>
        {
            Thread.Sleep(milliseconds);
            DynamicLoader.ExitNow(exitCode);
        }) { IsBackground = true };
        limit.Start();
        _ = mpi.Abort(abi.World, exitCode);
        DynamicLoader.ExitNow(exitCode);
    }

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs arguments)
    {
        if (arguments.ExceptionObject is Exception failure)
            End(failure);
    }

    private void OnProcessExit(object? sender, EventArgs arguments) => End(
        $"sora: rank {worldRank}: the process left with exit code {Environment.ExitCode} before its world was closed", Environment.ExitCode);

    // 128 + the signal's number, as a shell reports it.
    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGTERM)
            terminated.Set();
        End($"sora: rank {worldRank}: ended by {StopSignal.NameOf(context.Signal)}", StopSignal.ExitCodeOf(context.Signal));
    }
}
