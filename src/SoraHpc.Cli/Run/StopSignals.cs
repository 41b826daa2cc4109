using System.Runtime.InteropServices;
using SoraHpc.Cli.Launching;
using SoraHpc.Communication;

namespace SoraHpc.Cli.Run;

/// <summary>While it lives, the signals of batch systems, and the first SIGINT (Ctrl-C), ask a run to save and stop instead of ending its process; a second SIGINT ends it.</summary>
/// <remarks>Until somebody listens SIGUSR1 and SIGTERM kill. Who starts ranks therefore has them blocked from the start (<see cref="Shield"/>); one that has come
/// meanwhile waits, and is heard here.</remarks>
internal sealed unsafe partial class StopSignals : IDisposable
{
    private const int Unblock = 1;                      // SIG_UNBLOCK on Linux
    private const int SignalSetBytes = 128;             // sigset_t of glibc; musl's is no larger
    private readonly CancellationTokenSource asked = new();
    private readonly PosixSignalRegistration[] registrations;

    internal StopSignals()
    {
        registrations = [.. StopSignal.OfBatchSystems.Append(PosixSignal.SIGINT).Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            if (signal != PosixSignal.SIGINT || !asked.IsCancellationRequested)
                context.Cancel = true;
            asked.Cancel();
        }))];
        if (!OperatingSystem.IsLinux())
            return;
        byte* set = stackalloc byte[SignalSetBytes];
        _ = EmptySignalSet(set);
        foreach (PosixSignal signal in StopSignal.OfBatchSystems)
            _ = AddToSignalSet(set, StopSignal.NumberOf(signal));
        _ = ChangeBlockedSignals(Unblock, set, null);
    }

    /// <summary>What stands before the command of a rank so that no signal reaches it before it listens.</summary>
    internal static IReadOnlyList<string> Shield { get; } = ["env", $"--block-signal={string.Join(',', StopSignal.OfBatchSystems.Select(StopSignal.NameOf))}"];

    /// <summary>Cancelled once a signal has come.</summary>
    internal CancellationToken Asked => asked.Token;

    /// <summary>Whether this machine has a program that blocks signals for another: coreutils 8.31 (2019) or newer.</summary>
    internal static bool CanShield() => LaunchedRanks.Succeeds([.. Shield, "true"]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(registrations, registration => registration.Dispose());
        asked.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignalSet(byte* set);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial int AddToSignalSet(byte* set, int signal);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int ChangeBlockedSignals(int how, byte* set, byte* before);
}
