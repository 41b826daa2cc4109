using System.Runtime.InteropServices;
using SoraHpc.Communication;

namespace SoraHpc.Cli.Run;

/// <summary>While it lives, the signals of batch systems ask a run to save and stop instead of ending its process.</summary>
/// <remarks>Made before MPI starts, which takes longest: until somebody listens SIGUSR1 kills.</remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource asked = new();
    private readonly PosixSignalRegistration[] registrations;

    internal StopSignals() => registrations = [.. StopSignal.OfBatchSystems.Select(signal => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        asked.Cancel();
    }))];

    /// <summary>Cancelled once a signal has come.</summary>
    internal CancellationToken Asked => asked.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(registrations, registration => registration.Dispose());
        asked.Dispose();
    }
}
