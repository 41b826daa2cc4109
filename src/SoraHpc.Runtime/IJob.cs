namespace SoraHpc.Runtime;

/// <summary>
/// What to compute. One instance per rank; every method is called by all ranks in the same order and may communicate through
/// the particle's communicator. A job never asks which rank it is to decide what to compute: the partition says what is its own.
/// </summary>
public interface IJob
{
    /// <summary>Short name for reports.</summary>
    string Name { get; }

    /// <summary>Makes work fields and exchanges, checks options against the loaded data (time step, NaN). Collective.</summary>
    void Prepare(Particle particle);

    /// <summary>One step of every block this rank owns, halo exchange included. Collective among neighbours.</summary>
    void Step(Particle particle);

    /// <summary>True when no step is left; the same on every rank.</summary>
    bool IsDone { get; }

    /// <summary>This rank's contributions to the quantities that are followed over ranks. Local: the sync protocol combines them.</summary>
    void Observe(Particle particle, Observables observables);

    /// <summary>Writes results after the last step. Collective.</summary>
    void Finish(Particle particle);

    /// <summary>How far the run is.</summary>
    JobProgress Progress { get; }
}

/// <summary>How far a run is.</summary>
/// <param name="Fraction">Done, in [0, 1].</param>
/// <param name="Text">What a person wants to read: "12 h of 24 h, 310 days/day".</param>
public readonly record struct JobProgress(double Fraction, string Text);
