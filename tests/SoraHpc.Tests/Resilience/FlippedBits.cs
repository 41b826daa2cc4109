using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Tests.Resilience;

/// <summary>A job whose memory is not what it should be: after certain steps a bit of it is another.</summary>
/// <param name="flip">Flips it; false when this rank has nothing to flip.</param>
internal sealed class FlippedBits(ICheckedJob job, Func<Particle, long, bool> flip) : ICheckedJob, IMigratingJob
{
    private readonly List<(long Step, bool Once)> faults = [];

    /// <summary>After this step, the first time it is taken or every time.</summary>
    internal void Flips(long step, bool here, bool once)
    {
        if (here)
            faults.Add((step, once));
    }

    public string Name => job.Name;

    public ulong Fingerprint => job.Fingerprint;

    public bool IsDone => job.IsDone;

    public JobProgress Progress => job.Progress;

    public void Prepare(Particle particle) => job.Prepare(particle);

    public void Step(Particle particle)
    {
        job.Step(particle);
        int fault = faults.FindIndex(one => one.Step == particle.Step + 1);
        if (fault >= 0 && flip(particle, particle.Step + 1) && faults[fault].Once)
            faults.RemoveAt(fault);
    }

    public void Moved(Particle particle) => (job as IMigratingJob)?.Moved(particle);

    public void Observe(Particle particle, Observables observables) => job.Observe(particle, observables);

    public void Check(Particle particle, IntegrityChecks checks) => job.Check(particle, checks);

    public void Save(Particle particle, CheckpointWriter checkpoint) => job.Save(particle, checkpoint);

    public void Restore(Particle particle, CheckpointReader checkpoint) => job.Restore(particle, checkpoint);

    public void Finish(Particle particle) => job.Finish(particle);
}
