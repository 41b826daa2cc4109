using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Runtime.Resilience;

/// <summary>
/// A job that can stop after any step and go on in another run, on any number of ranks and any partition, with the same bits as if it had
/// not stopped. What it saves is therefore indexed by global cell or element, or is the same on every rank.
/// </summary>
public interface ICheckpointedJob : IJob
{
    /// <summary>Of all options that change the result (<see cref="ResultFingerprint"/>); the same on every rank, and known before <see cref="IJob.Prepare"/>.</summary>
    ulong Fingerprint { get; }

    /// <summary>Hands over all that the steps to come depend on and the data do not tell; what is handed over is copied. Collective.</summary>
    void Save(Particle particle, CheckpointWriter checkpoint);

    /// <summary>After <see cref="IJob.Prepare"/>, instead of the first steps: takes back what was saved. Collective.</summary>
    /// <remarks>The particle's <see cref="Particle.Step"/> is that of the checkpoint. Loading and preparing need not do what only makes a first
    /// state, where <see cref="Particle.IsRestarted"/> says so.</remarks>
    void Restore(Particle particle, CheckpointReader checkpoint);
}
