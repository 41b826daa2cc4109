using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Runtime;

/// <summary>What does not change the numbers of a run.</summary>
public sealed record SoraOptions
{
    /// <summary>Told about the run on rank 0 after every step; null for silence. Must return quickly.</summary>
    public IRunObserver? Observer { get; init; }

    /// <summary>Where and when checkpoints are left, and whether the run goes on from one; null: none are. For jobs that are <see cref="ICheckpointedJob"/>.</summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>How often the run looks whether its numbers can be right, and goes back if not; null: never. For jobs that are <see cref="ICheckedJob"/>; to go
    /// back they need <see cref="CheckpointOptions.Copies"/>.</summary>
    public IntegrityOptions? Integrity { get; init; }
}

/// <summary>Watches a run from rank 0.</summary>
public interface IRunObserver
{
    /// <summary>After a step. <paramref name="imbalance"/>: λ max/mean of the latest step that all ranks have told of, NaN before the first.</summary>
    void AfterStep(long step, JobProgress progress, double imbalance);

    /// <summary>After the last step.</summary>
    void Finished();
}
