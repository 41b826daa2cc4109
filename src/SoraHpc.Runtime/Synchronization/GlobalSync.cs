namespace SoraHpc.Runtime.Synchronization;

/// <summary>All ranks meet every <paramref name="interval"/> steps: a barrier, then an allreduce of the job's observables.</summary>
/// <param name="interval">Steps between meetings, ≥ 1.</param>
public sealed class GlobalSync(int interval = 1) : ISyncProtocol
{
    private readonly int interval = interval >= 1 ? interval
        : throw new ArgumentOutOfRangeException(nameof(interval), interval, "a sync interval is 1 step or more");

    /// <inheritdoc/>
    public void AfterStep(SyncPoint point)
    {
        if (point.Particle.Step % interval != 0)
            return;
        point.Barrier();
        point.Combine();
    }

    /// <inheritdoc/>
    public override string ToString() => interval == 1 ? "global, every step" : $"global, every {interval} steps";
}
