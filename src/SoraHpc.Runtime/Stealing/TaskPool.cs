using System.Diagnostics;
using SoraHpc.Communication;

namespace SoraHpc.Runtime.Stealing;

/// <summary>A task pool whoever executes its tasks and chooses its victims: what a job sees that lets them be chosen when it starts.</summary>
/// <typeparam name="TTask">A task.</typeparam>
public abstract class TaskPool<TTask> : IDisposable where TTask : unmanaged
{
    private protected TaskPool() { }

    /// <inheritdoc cref="TaskPool{TTask, TBody, TSelector}.Run"/>
    public abstract TaskStatistics Run(ReadOnlySpan<TTask> seeds);

    /// <summary>Frees the shared memory. Collective.</summary>
    public abstract void Dispose();
}

/// <summary>
/// Executes tasks that make more tasks, on all ranks, until none is left anywhere; a rank without tasks takes some from another.
/// The end is found by a count of idle ranks: a rank counts as idle only when it holds no task, and stops counting before it
/// claims one, so all ranks idle means that no task exists.
/// </summary>
/// <typeparam name="TTask">A task.</typeparam>
/// <typeparam name="TBody">Executes tasks.</typeparam>
/// <typeparam name="TSelector">Chooses whom to steal from.</typeparam>
public sealed class TaskPool<TTask, TBody, TSelector> : TaskPool<TTask>
    where TTask : unmanaged
    where TBody : ITaskBody<TTask>
    where TSelector : struct, IVictimSelector
{
    // Batches and looks between two questions whether the world still stands, which cost a call each.
    private const int BatchesPerQuestion = 256, LooksPerQuestion = 64;

    // A deep and narrow tree of tasks never has more than some tens waiting; asking for more at once would starve the others.
    private const int LargestLeastOffer = 16;

    private readonly TBody body;
    private readonly StealingOptions options;
    private readonly StealingBoard<TTask> board;
    private readonly TaskQueue<TTask> queue;
    private readonly TTask[] batch;
    private readonly bool crowded;
    private TSelector selector;
    private Exception? failure;
    private string? failed;
    private uint settled;
    private long begun, idleTicks, executed, tried, succeeded, stolen;

    /// <param name="communicator">The ranks of the pool; they must share memory.</param>
    /// <exception cref="ArgumentException">Not one positive capability a rank.</exception>
    /// <exception cref="Diagnostics.SoraException">The ranks are on several nodes.</exception>
    /// <remarks>Collective.</remarks>
    public TaskPool(Communicator communicator, TBody body, TSelector selector, StealingOptions? options = null)
    {
        this.options = options ??= new();
        if (options.Capabilities.Length != 0 && options.Capabilities.Length != communicator.Size)
            throw new ArgumentException($"{options.Capabilities.Length} capabilities are given for {communicator.Size} ranks", nameof(options));
        if (Array.FindIndex(options.Capabilities, capability => !(capability > 0 && double.IsFinite(capability))) is >= 0 and int wrong)
            throw new ArgumentException($"the capability of rank {wrong} is {options.Capabilities[wrong]}, must be positive and finite", nameof(options));
        (this.body, this.selector) = (body, selector);
        board = new(communicator, options.OfferedTasks);
        queue = new(2 * options.OfferedTasks);
        batch = new TTask[body.BatchSize];
        crowded = communicator.Transport == Transport.Threads && communicator.Size > Environment.ProcessorCount;
    }

    /// <summary>Executes <paramref name="seeds"/>, given on any of the ranks, and all that follows from them. Collective.</summary>
    /// <returns>What this rank did.</returns>
    /// <exception cref="TaskException">A task has thrown, on every rank; not all tasks were executed, and the pool can only be disposed.</exception>
    public override TaskStatistics Run(ReadOnlySpan<TTask> seeds)
    {
        queue.Push(seeds);
        settled = 0;
        idleTicks = executed = tried = succeeded = stolen = 0;
        board.Open();
        begun = Stopwatch.GetTimestamp();
        do
            ExecuteOwn();
        while (!board.HasFailed && FindTasks());
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds, idle = idleTicks / (double)Stopwatch.Frequency;
        (int rank, string text) = board.Agree(failed);
        if (rank >= 0)
            throw new TaskException(text, rank, failure);
        return new(executed, tried, succeeded, stolen, seconds - idle, idle);
    }

    /// <summary>Frees the shared memory. Collective.</summary>
    public override void Dispose()
    {
        queue.Dispose();
        board.Dispose();
    }

    /// <summary>Until this rank has no task left, private or offered.</summary>
    private void ExecuteOwn()
    {
        for (int batches = 1; !board.HasFailed; batches++)
        {
            if (queue.Count == 0 && (!options.Enabled || board[board.Rank].Reclaim(queue) == 0))
                return;
            if (options.Enabled)
                Offer();
            if (batches % BatchesPerQuestion == 0)
                board.ThrowIfWorldEnded();
            int count = queue.PopNewest(batch);
            Execute(batch.AsSpan(0, count));
            executed += count;
        }
    }

    private void Execute(ReadOnlySpan<TTask> tasks)
    {
        try
        {
            body.Execute(tasks, queue);
        }
        catch (Exception thrown)
        {
            string others = tasks.Length == 1 ? "" : $" or one of the {tasks.Length - 1} executed with it";
            (failure, failed) = (thrown, $"{body.NameOf(tasks[0])}{others} failed on rank {board.Rank}: {thrown.GetType().Name}: {thrown.Message}");
            board.Fail();
        }
    }

    /// <summary>Moves the older half of the queue to where others can take it, when all that was there is gone.</summary>
    private void Offer()
    {
        ref readonly SharedTasks<TTask> own = ref board[board.Rank];
        int half = queue.Count / 2;
        if (half == 0 || board.Ranks == 1 || own.Count > 0)
            return;
        double rate = executed * (double)Stopwatch.Frequency / (Stopwatch.GetTimestamp() - begun - idleTicks + 1);
        own.Rate = rate;
        if (half >= Math.Min(options.WorkPerSteal * rate * board.StealTicks / Stopwatch.Frequency, LargestLeastOffer))
            own.Publish(queue, half, ref settled);
    }

    /// <summary>Looks around until tasks are here (true), or there are none anywhere or a task has failed (false).</summary>
    private bool FindTasks()
    {
        if (!options.Enabled || board.Ranks == 1)
            return false;
        long since = Stopwatch.GetTimestamp();
        bool found = false;
        SpinWait wait = default;
        board.EnterIdle();
        for (int looks = 1; !found && !board.AllIdle && !board.HasFailed; looks++)
        {
            int victim = selector.Next();
            found = board[victim].Count > 0 && Steal(victim);
            selector.Report(victim, found);
            if (found)
                break;
            if (looks % LooksPerQuestion == 0)
                board.ThrowIfWorldEnded();
            if (looks % board.Ranks == 0)
                wait.SpinOnce(crowded ? 20 : -1);       // more threads than cores: sleep at times, so that those with tasks run
        }
        idleTicks += Stopwatch.GetTimestamp() - since;
        return found;
    }

    private bool Steal(int victim)
    {
        board.LeaveIdle();
        tried++;
        long since = Stopwatch.GetTimestamp();
        int taken = board[victim].Steal(queue, ShareFrom(victim));
        if (taken == 0)
        {
            board.EnterIdle();
            return false;
        }
        board.ReportSteal(Stopwatch.GetTimestamp() - since);
        succeeded++;
        stolen += taken;
        return true;
    }

    private double ShareFrom(int victim)
    {
        bool given = options.Capabilities.Length > 0;
        double own = given ? options.Capabilities[board.Rank] : board[board.Rank].Rate;
        double theirs = given ? options.Capabilities[victim] : board[victim].Rate;
        return own > 0 && theirs > 0 ? own / (own + theirs) : 0.5;
    }
}
