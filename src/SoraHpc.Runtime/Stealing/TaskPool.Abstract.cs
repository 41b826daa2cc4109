namespace SoraHpc.Runtime.Stealing;

/// <summary>A task pool whoever executes its tasks and chooses its victims: what a job sees that lets them be chosen when it starts.</summary>
/// <typeparam name="TTask">A task.</typeparam>
public abstract class TaskPool<TTask> : IDisposable where TTask : unmanaged
{
    private protected TaskPool() { }

    /// <summary>How tasks go between nodes and what a probe of that has found, for reports; "shared memory" where all ranks are on one.</summary>
    public abstract string Transport { get; }

    /// <inheritdoc cref="TaskPool{TTask, TBody, TSelector}.Run"/>
    public abstract TaskStatistics Run(ReadOnlySpan<TTask> seeds);

    /// <summary>Frees the shared memory. Collective.</summary>
    public abstract void Dispose();
}
