using System.Runtime.InteropServices;

namespace SoraHpc.Communication;

/// <summary>The signals by which somebody outside asks a run to end.</summary>
public static class StopSignal
{
    /// <summary>SIGUSR1, which <see cref="PosixSignal"/> does not name; 10 on Linux (x86-64, Arm).</summary>
    public const PosixSignal User1 = (PosixSignal)10;

    /// <summary>SIGTERM and SIGUSR1: those that batch systems send before a job's time is over.</summary>
    public static IReadOnlyList<PosixSignal> OfBatchSystems { get; } = [PosixSignal.SIGTERM, User1];

    /// <summary>The exit code of a program that a signal has ended, as a shell reports it: 128 + the signal's number.</summary>
    public static int ExitCodeOf(PosixSignal signal) => 128 + NumberOf(signal);

    /// <summary>The system's number of a signal.</summary>
    public static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1, PosixSignal.SIGINT => 2, PosixSignal.SIGQUIT => 3, PosixSignal.SIGTERM => 15, _ => (int)signal,
    };

    /// <summary>As people write it: SIGTERM.</summary>
    public static string NameOf(PosixSignal signal) => signal == User1 ? "SIGUSR1" : signal.ToString();
}
