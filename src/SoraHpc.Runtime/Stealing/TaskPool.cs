using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// Executes tasks that make more tasks, on all ranks, until none is left anywhere; a rank without tasks takes some from another, on its
/// own node through shared memory, else as <see cref="StealingOptions.BetweenNodes"/> says. On one node the end is found by a count of idle
/// ranks: a rank counts as idle only when it holds no task, and stops counting before it claims one, so all ranks idle means that no
/// task exists. On several it is found by waves over all ranks that count claims.
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
    private readonly Communicator all;
    private readonly StealingBoard<TTask> board;
    private readonly RemoteStealing<TTask>? remote;
    private readonly TaskQueue<TTask> queue;
    private readonly TTask[] batch;
    private readonly bool crowded;
    private TSelector selector;
    private Exception? failure;
    private string transport = "shared memory";
    private string? failed;
    private uint settled;
    private int batchesPerServe = 1, batchesToServe = 1, asked, mate;
    private long begun, served, idleTicks, executed, tried, succeeded, stolen, far;

    /// <param name="communicator">The ranks of the pool, on one node or several.</param>
    /// <exception cref="ArgumentException">Not one positive capability a rank.</exception>
    /// <remarks>Collective.</remarks>
    public TaskPool(Communicator communicator, TBody body, TSelector selector, StealingOptions? options = null)
    {
        this.options = options ??= new();
        if (options.Capabilities.Length != 0 && options.Capabilities.Length != communicator.Size)
            throw new ArgumentException($"{options.Capabilities.Length} capabilities are given for {communicator.Size} ranks", nameof(options));
        if (Array.FindIndex(options.Capabilities, capability => !(capability > 0 && double.IsFinite(capability))) is >= 0 and int wrong)
            throw new ArgumentException($"the capability of rank {wrong} is {options.Capabilities[wrong]}, must be positive and finite", nameof(options));
        (this.body, this.selector) = (body, selector);
        all = communicator.Duplicate();
        board = new(all, options.OfferedTasks, options.RanksPerNode);
        remote = options.Enabled && all.Allreduce(board.Ranks, ReduceOperation.Min) < all.Size ? Connect() : null;
        this.selector.Settle([.. Enumerable.Range(0, all.Size).Where(rank => board.Mates[rank] >= 0)]);
        queue = new(2 * options.OfferedTasks);
        batch = new TTask[body.BatchSize];
        crowded = all.Transport == Communication.Transport.Threads && all.Size > Environment.ProcessorCount;
    }

    /// <inheritdoc/>
    public override string Transport => transport;

    /// <summary>Executes <paramref name="seeds"/>, given on any of the ranks, and all that follows from them. Collective.</summary>
    /// <returns>What this rank did.</returns>
    /// <exception cref="TaskException">A task has thrown, on every rank; not all tasks were executed, and the pool can only be disposed.</exception>
    public override TaskStatistics Run(ReadOnlySpan<TTask> seeds)
    {
        queue.Push(seeds);
        settled = 0;
        idleTicks = executed = tried = succeeded = stolen = far = 0;
        board.Open();
        remote?.Open();
        begun = served = Stopwatch.GetTimestamp();
        do
            using (TraceScope.Of(all.Tracer, RankActivity.Compute))
                ExecuteOwn();
        while (remote is null ? !board.HasFailed && FindTasks() : FindTasksAnywhere(remote));
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds, idle = idleTicks / (double)Stopwatch.Frequency;
        remote?.Finish(queue);
        (int rank, string text) = Agree();
        if (rank >= 0)
            throw new TaskException(text, rank, failure);
        return new(executed, tried + (remote?.Tries ?? 0), succeeded, stolen, far, seconds - idle, idle);
    }

    /// <summary>Frees what the ranks share. Collective.</summary>
    public override void Dispose()
    {
        queue.Dispose();
        remote?.Dispose();
        board.Dispose();
        all.Dispose();
    }

    /// <summary>Chooses how tasks go between nodes, as the first rank and the first one not on its node find it. Collective.</summary>
    private RemoteStealing<TTask> Connect()
    {
        int target = 0, thief = all.Broadcast(Array.FindIndex(board.Mates, rank => rank < 0));
        ProbedTransport probed = new TransportProbe(all, thief, target).Choose(options.BetweenNodes);
        transport = probed.ToString();
        return probed.Transport == StealTransport.Messages
            ? new MessageStealing<TTask>(all, board, options, probed) : new RmaStealing<TTask>(all, board, options, probed);
    }

    /// <summary>Until this rank has no task left, private or offered.</summary>
    private void ExecuteOwn()
    {
        for (int batches = 1; !board.HasFailed; batches++)
        {
            if (queue.Count == 0 && !Reclaim())
                return;
            if (options.Enabled)
                Offer();
            if (batches % BatchesPerQuestion == 0)
                board.ThrowIfWorldEnded();
            if (remote is not null && --batchesToServe <= 0)
                Serve(remote);
            int count = queue.PopNewest(batch);
            Execute(batch.AsSpan(0, count));
            executed += count;
        }
    }

    private bool Reclaim() => options.Enabled && (board[board.Rank].Reclaim(queue) > 0 || remote?.Reclaim(queue) > 0);

    private void Execute(ReadOnlySpan<TTask> tasks)
    {
        try
        {
            body.Execute(tasks, queue);
        }
        catch (Exception thrown)
        {
            string others = tasks.Length == 1 ? "" : $" or one of the {tasks.Length - 1} executed with it";
            (failure, failed) = (thrown, $"{body.NameOf(tasks[0])}{others} failed on rank {all.Rank}: {thrown.GetType().Name}: {thrown.Message}");
            board.Fail();
            remote?.TellFailure(board.Mates);
        }
    }

    /// <summary>Moves the older half of the queue to where others can take it, when all that was there is gone.</summary>
    private void Offer()
    {
        if (board.Ranks > 1 && board[board.Rank].Count == 0 && queue.Count > 1)
        {
            double rate = board[board.Rank].Rate = Rate(Stopwatch.GetTimestamp());
            if (queue.Count / 2 >= Math.Min(options.WorkPerSteal * rate * board.StealTicks / Stopwatch.Frequency, LargestLeastOffer))
                board[board.Rank].Publish(queue, queue.Count / 2, ref settled);
        }
        if (remote is not null && remote.WantsOffer && queue.Count > 1)
        {
            double rate = Rate(Stopwatch.GetTimestamp());
            if (queue.Count / 2 >= Math.Min(remote.LeastWorth(rate), LargestLeastOffer))
                remote.Offer(queue, queue.Count / 2, rate);
        }
    }

    /// <summary>Tasks per second with tasks to execute.</summary>
    private double Rate(long now) => executed * (double)Stopwatch.Frequency / (now - begun - idleTicks + 1);

    // Batches between two calls follow the time the last ones took, so that a call comes as often as it may and no oftener.
    private void Serve(RemoteStealing<TTask> remote)
    {
        long now = Stopwatch.GetTimestamp();
        double wanted = batchesPerServe * remote.ServeTicks / (now - served + 1);
        batchesPerServe = (int)Math.Clamp(wanted, 1, Math.Min(2 * batchesPerServe, BatchesPerQuestion));
        (batchesToServe, served) = (batchesPerServe, now);
        ServeOthers(remote, Rate(now));
    }

    /// <summary>Looks around the node until tasks are here (true), or there are none anywhere or a task has failed (false).</summary>
    private bool FindTasks()
    {
        if (!options.Enabled || board.Ranks == 1)
            return false;
        long since = Stopwatch.GetTimestamp();
        bool found = false;
        SpinWait wait = default;
        using TraceScope span = TraceScope.Of(all.Tracer, RankActivity.Idle);
        board.EnterIdle();
        for (int looks = 1; !found && !board.AllIdle && !board.HasFailed; looks++)
        {
            int victim = selector.Next();
            found = board[victim].Count > 0 && Steal(victim);
            selector.Report(victim, found);
            if (found)
                break;
            GiveWay(looks, ref wait);
        }
        idleTicks += Stopwatch.GetTimestamp() - since;
        return found;
    }

    /// <summary>As <see cref="FindTasks"/> over all nodes. After a failure it takes part in the waves until all ranks have stopped.</summary>
    private bool FindTasksAnywhere(RemoteStealing<TTask> remote)
    {
        long since = Stopwatch.GetTimestamp();
        double rate = Rate(since);
        bool found = false;
        SpinWait wait = default;
        using TraceScope span = TraceScope.Of(all.Tracer, RankActivity.Idle);
        for (int looks = 1; !found && !remote.HasEnded(); looks++)
        {
            found = (ServeOthers(remote, rate) || !board.HasFailed && Look(remote, rate)) && !board.HasFailed;
            if (!found)
                GiveWay(looks, ref wait);
        }
        served = Stopwatch.GetTimestamp();
        idleTicks += served - since;
        return found;
    }

    // With a question open the rank goes on looking at those it shares memory with.
    private bool Look(RemoteStealing<TTask> remote, double rate)
    {
        if (remote.IsWaiting)
            return board.Ranks > 1 && (mate = (mate + 1) % board.Ranks) != board.Rank && board[mate].Count > 0 && Steal(mate);
        int victim = selector.Next(), near = board.Mates[victim];
        if (near < 0)
        {
            asked = victim;
            int taken = remote.Steal(victim, queue, rate);
            return !remote.IsWaiting && Account(victim, taken);
        }
        bool found = board[near].Count > 0 && Steal(near);
        selector.Report(victim, found);
        return found;
    }

    /// <summary>Answers other nodes; true when tasks have come from one.</summary>
    private bool ServeOthers(RemoteStealing<TTask> remote, double rate)
    {
        bool waited = remote.IsWaiting;
        int taken = remote.Serve(queue, rate);
        return waited && !remote.IsWaiting && Account(asked, taken);
    }

    private bool Account(int victim, int taken)
    {
        selector.Report(victim, taken > 0);
        if (taken == 0)
            return false;
        far++;
        Count(victim, taken);
        return true;
    }

    private void Count(int victim, int taken)
    {
        succeeded++;
        stolen += taken;
        all.Tracer?.CountSteal(all.ToWorld(victim), taken);
    }

    /// <summary>From a rank this one shares memory with, by its number on the board.</summary>
    private bool Steal(int near)
    {
        if (remote is null)
            board.LeaveIdle();
        else
            remote.CountClaim();
        tried++;
        using TraceScope span = TraceScope.Of(all.Tracer, RankActivity.Steal);
        long since = Stopwatch.GetTimestamp();
        int taken = board[near].Steal(queue, ShareFrom(near));
        if (taken == 0)
        {
            if (remote is null)
                board.EnterIdle();
            return false;
        }
        board.ReportSteal(Stopwatch.GetTimestamp() - since);
        Count(Array.IndexOf(board.Mates, near), taken);
        return true;
    }

    private double ShareFrom(int near)
    {
        bool given = options.Capabilities.Length > 0;
        double own = given ? options.Capabilities[all.Rank] : board[board.Rank].Rate;
        double theirs = given ? options.Capabilities[Array.IndexOf(board.Mates, near)] : board[near].Rate;
        return own > 0 && theirs > 0 ? own / (own + theirs) : 0.5;
    }

    /// <summary>The lowest rank with a failure to tell and its text on every rank; −1 and empty when all is well. Collective.</summary>
    private (int Rank, string Text) Agree()
    {
        int rank = all.Allreduce(failed is null ? int.MaxValue : all.Rank, ReduceOperation.Min);
        if (rank == int.MaxValue)
            return (-1, "");
        char[] told = new char[all.Broadcast(failed?.Length ?? 0, rank)];
        if (all.Rank == rank)
            failed!.CopyTo(told);
        all.Broadcast(told.AsSpan(), rank);
        return (rank, new string(told));
    }

    private void GiveWay(int looks, ref SpinWait wait)
    {
        if (looks % LooksPerQuestion == 0)
            board.ThrowIfWorldEnded();
        if (looks % all.Size == 0)
            wait.SpinOnce(crowded ? 20 : -1);       // more threads than cores: sleep at times, so that those with tasks run
    }
}
