namespace SoraHpc.Runtime.Resilience;

/// <summary>A job whose numbers can be looked at while it runs: what it knows to hold in every right run, so that wrong memory is found out.</summary>
public interface ICheckedJob : ICheckpointedJob
{
    /// <summary>Looks at the state after a step and tells what it sees. Local: the sums are combined over all ranks while the next step
    /// computes. Changes nothing.</summary>
    void Check(Particle particle, IntegrityChecks checks);
}
