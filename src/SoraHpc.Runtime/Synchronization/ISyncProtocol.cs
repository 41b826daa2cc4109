using SoraHpc.Communication;

namespace SoraHpc.Runtime.Synchronization;

/// <summary>
/// How ranks keep together between steps. The halo exchange inside a step is the data's own need and happens under every
/// protocol, so all protocols give the same numbers; they differ in who waits for whom, and when. Users may write their own.
/// </summary>
public interface ISyncProtocol
{
    /// <summary>Called by every rank after each of its steps.</summary>
    /// <remarks>Whether to meet is decided by what is the same on every rank, or a rank waits for one that does not come. Ranks that are threads
    /// may share the protocol: what changes while it runs belongs in the point.</remarks>
    void AfterStep(SyncPoint point);
}

/// <summary>What a protocol can do after a step.</summary>
public sealed class SyncPoint
{
    private double computeBefore;

    internal SyncPoint(Particle particle, IJob job) => (Particle, Job) = (particle, job);

    /// <summary>This rank's share; its step count says where it is.</summary>
    public Particle Particle { get; }

    /// <summary>The job that runs.</summary>
    public IJob Job { get; }

    /// <summary>What <see cref="Combine"/> leaves.</summary>
    public Observables Observables { get; } = new();

    /// <summary>For protocols whose meetings are not evenly spaced: the step of the next one, set by the protocol, the same on every rank. 0 before it is.</summary>
    public long NextMeeting { get; set; }

    /// <summary>How often all ranks have combined.</summary>
    public int Meetings { get; private set; }

    /// <summary>λ max / λ mean between the last two meetings: the slowest rank's compute time over the mean; NaN before the first.</summary>
    public double Imbalance { get; private set; } = double.NaN;

    /// <summary>Waits until every rank is here. Collective.</summary>
    public void Barrier() => Particle.Communicator.Barrier();

    /// <summary>Asks the job for this rank's contributions and combines them over all ranks. Collective.</summary>
    public void Combine()
    {
        Observables.Begin();
        Job.Observe(Particle, Observables);
        Observables.Combine(Particle.Communicator);
        Meetings++;
        Imbalance = MeasureImbalance();
    }

    private double MeasureImbalance()
    {
        Communicator communicator = Particle.Communicator;
        double spent = Particle.ComputeSeconds - computeBefore;
        computeBefore = Particle.ComputeSeconds;
        double slowest = communicator.Allreduce(spent, ReduceOperation.Max);
        double mean = communicator.Allreduce(spent, ReduceOperation.Sum) / communicator.Size;
        return mean > 0 ? slowest / mean : double.NaN;
    }
}
