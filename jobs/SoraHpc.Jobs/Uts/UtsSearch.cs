using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Stealing;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Jobs.Uts;

/// <summary>
/// A search in rounds, on as many ranks as the elasticity wants. The pool pauses when a checkpoint is due, when the elasticity is to be asked, or when the run is to
/// stop; its open nodes and the counts so far are the state then. A step is a batch of tasks on every rank that has tasks: rounds are counted by the rank that has
/// executed most. Every method is collective over the world, or over the ranks that search.
/// </summary>
internal sealed class UtsSearch(Communicator world, UtsOptions options, IUtsExplorer explorer, CheckpointOptions? saving) : IDisposable
{
    private const string Job = "uts", CountsName = "counts", NodesName = "open-nodes", HeldName = "open-nodes-held";

    private readonly PausableTasks<UtsNode, IUtsExplorer> body = new(explorer);
    private readonly Crew crew = new(world, options.Elasticity, cells: 0);
    private readonly ulong fingerprint = ResultFingerprint.Of(options.Tree);
    private Checkpointer? last;
    private UtsCounts earlier, above, ownBefore;
    private long step, ownSteps, started;
    private TaskStatistics tasks;

    /// <summary>Over all ranks, and over the runs that this one goes on from; after <see cref="Run"/>.</summary>
    internal UtsCounts Counts { get; private set; }

    /// <summary>What this rank has found in this run.</summary>
    internal UtsCounts Own => above.Plus(explorer.Found);

    /// <summary>What this rank did, in how many of the steps.</summary>
    internal (TaskStatistics Tasks, long Steps) OwnTasks => (tasks, ownSteps);

    /// <summary>Of the slowest rank, once all were ready [s].</summary>
    internal double Seconds { get; private set; }

    /// <summary>Steps done; on the root.</summary>
    internal long Steps => step;

    /// <summary>How tasks went between nodes; on the root.</summary>
    internal string Transport { get; private set; } = "";

    internal CheckpointReport? Saved { get; private set; }

    internal IReadOnlyList<ResizeReport> Resizes => crew.Resizes;

    /// <summary>Searches the tree.</summary>
    internal void Run()
    {
        if (!options.Stealing.Enabled && (crew.Size < world.Size || options.Elasticity.Interval != 0))
            throw new UsageException($"uts without stealing stays on all ranks: those that come would find no tasks (elasticity \"{options.Elasticity}\")");
        do
        {
            if (crew.Active is { } ranks)
                SearchOn(ranks);
        }
        while (crew.GoesOn());
        if (crew.StoppedAt is { } stoppedAt)
            throw new RunStoppedException(stoppedAt, saving!.Directory!);
        if (saving is not null && crew.Size < world.Size)
            Checkpointer.Forget(world);
        Counts = world.Broadcast(Counts);
        Seconds = world.Allreduce(started == 0 ? 0 : Stopwatch.GetElapsedTime(started).TotalSeconds, ReduceOperation.Max);
    }

    public void Dispose() => crew.Dispose();

    // Asked to stop: a search that has no directory would leave nothing to go on from.
    private CancellationToken Asked => saving is { Directory: not null } ? saving.Stop : default;

    // To the end, or until others are to take part.
    private void SearchOn(Communicator ranks)
    {
        using Checkpointer? checkpoints = saving is null ? null : new(ranks, saving, Job, fingerprint, crew.State is null ? null : crew.Step, last);
        using TaskPool<UtsNode> pool = CreatePool(ranks);
        (last, Transport) = (checkpoints, pool.Transport);
        UtsNode[] open = Begin(ranks, checkpoints);
        while (true)
        {
            bool isDue = Round(ranks, pool, checkpoints, open);
            open = body.Remaining.ToArray();
            if (ranks.Allreduce((long)open.Length, ReduceOperation.Sum) == 0)
                break;
            bool stops = checkpoints is not null && ranks.Allreduce(Asked.IsCancellationRequested ? 1L : 0, ReduceOperation.Max) != 0;
            if (isDue || stops)
                Save(checkpoints!, Total(ranks), open);
            if (stops)
                Stop(checkpoints!);
            if (!crew.IsToChange(step, Own.Nodes - ownBefore.Nodes))
                continue;
            checkpoints?.Complete();
            HandOver(ranks, Total(ranks), open);
            return;
        }
        Counts = Total(ranks);
        if (options.Tree.Published is { } published && published != Counts)
            throw new SoraException($"uts {options.Tree.Name}: found {Describe(Counts)}; published are {Describe(published)}");
        Saved = checkpoints?.Finish();
    }

    /// <summary>Searches until no task is left or one reason to pause has come; true when that is a checkpoint.</summary>
    private bool Round(Communicator ranks, TaskPool<UtsNode> pool, Checkpointer? checkpoints, UtsNode[] open)
    {
        long every = options.Elasticity.Interval, toAsk = every == 0 ? long.MaxValue : every - step % every;
        long toSave = checkpoints?.StepsToNext(step) ?? long.MaxValue;
        body.Begin(checkpoints?.SecondsToNext ?? double.PositiveInfinity, Math.Min(toAsk, toSave), Asked);
        tasks = tasks.Plus(pool.Run(open));
        long taken = ranks.Allreduce(body.Batches, ReduceOperation.Max);
        (step, ownSteps) = (step + taken, ownSteps + taken);
        return checkpoints is not null && (taken >= toSave || ranks.Allreduce(body.IsInterrupted ? 1L : 0, ReduceOperation.Max) != 0);
    }

    private TaskPool<UtsNode> CreatePool(Communicator ranks)
    {
        StealingOptions stealing = options.Stealing;
        if (stealing.Capabilities.Length == world.Size)
            stealing = stealing with { Capabilities = stealing.Capabilities[..ranks.Size] };
        else if (world.Generation > 0)
            stealing = stealing with { Capabilities = [] };     // whose they were is not known any more
        VictimSelection victims = options.Victims ?? VictimSelection.By((thief, size) => new NearThenRandom(thief, size, stealing.Capabilities));
        return victims.CreatePool<UtsNode, PausableTasks<UtsNode, IUtsExplorer>>(ranks, body, stealing);
    }

    // ---- what a search begins with ----

    private UtsNode[] Begin(Communicator ranks, Checkpointer? checkpoints)
    {
        UtsNode[] open;
        ownBefore = Own;
        if (crew.State is { } state)
        {
            (step, open) = (crew.Step, TakeOver(ranks, state));
            crew.Settle(step);
            checkpoints?.Begin(step, checkpoint => Save(checkpoint, earlier, open));      // the copies of those before may be gone
        }
        else
        {
            open = checkpoints?.Start is { } start ? Restore(start, checkpoints) : Seed(ranks);
            crew.Settle(step);
            ranks.Barrier();
            started = Stopwatch.GetTimestamp();
        }
        return open;
    }

    private UtsNode[] Seed(Communicator ranks)
    {
        (UtsNode[] seeds, above) = UtsSeeds.Of(ranks, options.Tree, options.Stealing.Enabled);
        return seeds;
    }

    private UtsNode[] Restore(CheckpointReader start, Checkpointer checkpoints)
    {
        step = checkpoints.StartStep;
        earlier = start.ReadShared<UtsCounts>(CountsName)[0];
        UtsNode[] open = start.ReadList<UtsNode>(NodesName);
        checkpoints.Restored();
        return open;
    }

    // A rank that stays keeps what it had and takes that of those that have gone, in turn; one that has come begins with nothing, and steals.
    private UtsNode[] TakeOver(Communicator ranks, CheckpointReader state)
    {
        earlier = state.ReadShared<UtsCounts>(CountsName)[0];
        long[] held = state.ReadShared<long>(HeldName);
        List<ElementRange> ranges = [];
        long begin = 0;
        for (int rank = 0; rank < held.Length; begin += held[rank++])
            if (rank % ranks.Size == ranks.Rank && held[rank] > 0)
                ranges.Add(new(begin, held[rank]));
        UtsNode[] open = new UtsNode[ranges.Sum(range => range.Count)];
        state.ReadElements<UtsNode>(NodesName, begin, ranges, open);
        return open;
    }

    // ---- what it leaves ----

    private static void Save(CheckpointWriter checkpoint, UtsCounts counts, UtsNode[] open)
    {
        checkpoint.AddShared(CountsName, [counts]);
        checkpoint.AddList<UtsNode>(NodesName, open);
    }

    private void Save(Checkpointer checkpoints, UtsCounts counts, UtsNode[] open) => checkpoints.Save(step, checkpoint => Save(checkpoint, counts, open));

    private void HandOver(Communicator ranks, UtsCounts counts, UtsNode[] open)
    {
        long[] held = new long[ranks.Size];
        long own = open.Length;
        ranks.Allgather(new ReadOnlySpan<long>(in own), held);
        crew.Save(new(Job, fingerprint, step, step), checkpoint =>
        {
            Save(checkpoint, counts, open);
            checkpoint.AddShared<long>(HeldName, held);
        });
    }

    private void Stop(Checkpointer checkpoints)
    {
        crew.Stop(step);
        throw checkpoints.Stopped(step);
    }

    private UtsCounts Total(Communicator ranks) => earlier.Plus(new(ranks.Allreduce(Own.Nodes - ownBefore.Nodes, ReduceOperation.Sum),
        ranks.Allreduce(Own.Leaves - ownBefore.Leaves, ReduceOperation.Sum), ranks.Allreduce(Own.Depth, ReduceOperation.Max)));

    private static string Describe(UtsCounts counts) => $"{counts.Nodes} nodes, {counts.Leaves} leaves, depth {counts.Depth}";
}
