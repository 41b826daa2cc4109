namespace SoraHpc.Runtime.Stealing;

/// <summary>What a task pool executes. One instance per rank, used by that rank only; it must not communicate.</summary>
/// <typeparam name="TTask">A task: blittable, of fixed size, complete in itself, for it may be executed on any rank.</typeparam>
public interface ITaskBody<TTask> where TTask : unmanaged
{
    /// <summary>Most tasks handed over at once, ≥ 1. More than one lets a body work on several side by side; a failure then names all of them.</summary>
    int BatchSize { get; }

    /// <summary>Executes the tasks, each exactly once over all ranks; tasks that follow from them go onto <paramref name="queue"/>.</summary>
    /// <param name="tasks">1 to <see cref="BatchSize"/> tasks, in no order; stays as it is while tasks are pushed.</param>
    void Execute(ReadOnlySpan<TTask> tasks, TaskQueue<TTask> queue);

    /// <summary>What identifies a task to the person who reads of its failure: "row 17", "node 3fa0… at depth 4".</summary>
    string NameOf(in TTask task);
}
