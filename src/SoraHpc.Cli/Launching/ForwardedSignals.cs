using System.Runtime.InteropServices;

namespace SoraHpc.Cli.Launching;

/// <summary>While it lives, signals sent to this process go to another one instead of ending this one.</summary>
internal sealed partial class ForwardedSignals : IDisposable
{
    private const int SigUsr1 = 10, SigUsr2 = 12, SigTerm = 15;   // Linux on x86-64 and Arm; not named by PosixSignal
    private readonly PosixSignalRegistration[] registrations;
    private int terminations;

    /// <param name="process">The process that gets the signals.</param>
    /// <param name="sharesTerminal">Ctrl-C on a terminal already reaches every process of the group: forwarding it would count twice.</param>
    /// <param name="ranksStop">The ranks save and stop on SIGUSR1, which launchers hand on, while on SIGTERM they kill the ranks within a second:
    /// the first SIGTERM or SIGINT is sent as SIGUSR1, those after it as they are.</param>
    internal ForwardedSignals(int process, bool sharesTerminal, bool ranksStop)
    {
        PosixSignalRegistration Forward(PosixSignal signal, int number, bool send) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;                  // the other one ends first, and this one with its exit code
            Received = signal;
            bool ends = ranksStop && (signal is PosixSignal.SIGTERM or PosixSignal.SIGINT);
            if (send)
                _ = Kill(process, ends && Interlocked.Increment(ref terminations) == 1 ? SigUsr1 : number);
        });
        registrations =
        [
            Forward(PosixSignal.SIGTERM, SigTerm, send: true),
            Forward(PosixSignal.SIGHUP, 1, send: true),
            Forward(PosixSignal.SIGINT, 2, send: !sharesTerminal),
            Forward(PosixSignal.SIGQUIT, 3, send: !sharesTerminal),
            Forward((PosixSignal)SigUsr1, SigUsr1, send: true),
            Forward((PosixSignal)SigUsr2, SigUsr2, send: true),
        ];
    }

    /// <summary>Somebody wanted this process to end, or to do something: what the other one does then is no failure of its own. The last signal; null: none.</summary>
    internal PosixSignal? Received { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
