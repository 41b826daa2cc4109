using System.Diagnostics;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// Lets a run of a task pool stop before its tasks are done: from some moment on a rank no longer executes its tasks but sets them aside,
/// and the run ends, as every run does, when no rank holds a task. What all ranks have set aside is what is left, and can be the seeds of
/// another run. Ranks need not pause at the same moment: one that has paused goes on taking tasks from the others, and sets them aside.
/// </summary>
/// <typeparam name="TTask">A task.</typeparam>
/// <typeparam name="TBody">Executes tasks.</typeparam>
public sealed class PausableTasks<TTask, TBody>(TBody body) : ITaskBody<TTask> where TTask : unmanaged where TBody : ITaskBody<TTask>
{
    // Batches between two looks at the clock.
    private const int BatchesPerLook = 64;

    private readonly List<TTask> aside = [];
    private long batchesLeft = long.MaxValue, deadline = long.MaxValue;
    private int untilLook = BatchesPerLook;
    private CancellationToken stop;

    /// <summary>This rank's tasks that were not executed.</summary>
    public ReadOnlySpan<TTask> Remaining => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(aside);

    /// <summary>Batches executed here since <see cref="Begin"/>.</summary>
    public long Batches { get; private set; }

    /// <summary>This rank has paused for the time, or because it was asked to; not for the batches.</summary>
    public bool IsInterrupted { get; private set; }

    /// <inheritdoc/>
    public int BatchSize => body.BatchSize;

    /// <summary>Forgets what was set aside and sets when this rank pauses. Local; before a run of the pool.</summary>
    /// <param name="seconds">[s] from now; infinite for never.</param>
    /// <param name="batches">Or after so many batches of tasks, ≥ 1.</param>
    /// <param name="stop">Or soon after this is cancelled.</param>
    /// <exception cref="ArgumentOutOfRangeException">No batch.</exception>
    public void Begin(double seconds, long batches = long.MaxValue, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        aside.Clear();
        this.stop = stop;
        (batchesLeft, untilLook) = (batches, BatchesPerLook);
        (Batches, IsInterrupted) = (0, false);
        double ticks = seconds * Stopwatch.Frequency;
        deadline = ticks < long.MaxValue / 2 ? Stopwatch.GetTimestamp() + (long)ticks : long.MaxValue;
    }

    /// <inheritdoc/>
    public void Execute(ReadOnlySpan<TTask> tasks, TaskQueue<TTask> queue)
    {
        if (batchesLeft > 0 && --untilLook == 0)
        {
            untilLook = BatchesPerLook;
            if (Stopwatch.GetTimestamp() >= deadline || stop.IsCancellationRequested)
                (batchesLeft, IsInterrupted) = (0, true);
        }
        if (batchesLeft > 0)
        {
            batchesLeft--;
            Batches++;
            body.Execute(tasks, queue);
        }
        else
            aside.AddRange(tasks);
    }

    /// <inheritdoc/>
    public string NameOf(in TTask task) => body.NameOf(in task);
}
