using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Where a run's checkpoints are kept: a directory, or the memories of its ranks. All ranks begin, open and clear together.</summary>
public abstract class CheckpointHome : IDisposable
{
    private protected CheckpointHome(Communicator communicator) => Communicator = communicator;

    internal Communicator Communicator { get; }

    internal CheckpointWriter? InFlight { get; set; }

    /// <summary>Hash of what this rank put into the last checkpoint; 0 before the first.</summary>
    internal ulong KnownLayout { get; set; }

    private protected abstract CheckpointWriter Create(CheckpointHeader header);

    /// <summary>A new checkpoint, to be filled and started. One at a time. Local.</summary>
    /// <exception cref="InvalidOperationException">The one before is neither completed nor disposed.</exception>
    public CheckpointWriter Begin(CheckpointHeader header)
    {
        if (InFlight is not null)
            throw new InvalidOperationException("the checkpoint before is still being written; complete or dispose it first");
        return InFlight = Create(header);
    }

    /// <summary>Opens the newest checkpoint that is whole; null where there is none at all. Collective.</summary>
    /// <param name="job">As in the header it was written with.</param>
    /// <param name="fingerprint">As in the header it was written with.</param>
    public abstract CheckpointReader? OpenNewest(string job, ulong fingerprint);

    /// <summary>Removes all checkpoints: the run has come to its end and needs none any more. Collective.</summary>
    public abstract void Clear();

    /// <summary>A checkpoint in flight is given up. Local.</summary>
    public virtual void Dispose() => InFlight?.Dispose();

    internal void RootActs(Action act) => Together(() => SharedFailure.RootActs(Communicator, act));

    internal void AllAct(Action act) => Together(() => SharedFailure.AllAct(Communicator, act));

    // One type of exception on every rank, whichever failed.
    private static void Together(Action act)
    {
        try
        {
            act();
        }
        catch (SoraException failure) when (failure is not CommunicationException and not CheckpointException)
        {
            throw new CheckpointException(failure.Message, failure);
        }
    }
}
