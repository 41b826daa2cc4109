using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Uts;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Tests.Contracts;

/// <summary>
/// What a task pool must be, in one suite for ranks that are threads and ranks that are MPI processes. A body runs on every rank at
/// once; an assertion that fails on any rank fails the test.
/// </summary>
public abstract partial class StealingContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    protected sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    [Test]
    public void Every_task_is_executed_once([Sizes] int size, [Values(1, 7)] int batch) => OnEveryRank(size, comm =>
    {
        const int Tasks = 20_000;
        var body = new NumberedTasks(Tasks, batch);
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size));

        TaskStatistics own = pool.Run(comm.IsRoot ? [1] : []);

        Assert.That(TimesExecuted(comm, body), Is.All.EqualTo(1));
        Assert.That(comm.Allreduce(own.Executed, ReduceOperation.Sum), Is.EqualTo(Tasks));
        Assert.That(own.StealsSucceeded, Is.LessThanOrEqualTo(own.StealsTried));
        Assert.That(own.TasksStolen, Is.GreaterThanOrEqualTo(own.StealsSucceeded));
    });

    [Test]
    public void Ring_that_is_small_loses_and_doubles_nothing([Sizes] int size) => OnEveryRank(size, comm =>
    {
        var body = new NumberedTasks(20_000, 3);
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size), new() { OfferedTasks = 2, WorkPerSteal = 0 });

        pool.Run(comm.IsRoot ? [1] : []);

        Assert.That(TimesExecuted(comm, body), Is.All.EqualTo(1));
    });

    [Test]
    public void Pool_without_a_task_ends_and_can_be_used_again([Sizes] int size) => OnEveryRank(size, comm =>
    {
        var body = new NumberedTasks(200, 1);
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size));
        for (int run = 1; run <= 100; run++)
        {
            Assert.That(pool.Run([]).Executed, Is.Zero);
            pool.Run(run % comm.Size == comm.Rank ? [1] : []);
            Assert.That(TimesExecuted(comm, body), Is.All.EqualTo(run));
        }
    });

    [Test]
    public void Tasks_of_one_rank_reach_all_ranks([Values(2, 3)] int size) => OnEveryRank(size, comm =>
    {
        using var pool = new TaskPool<int, SleepingTasks, NearThenRandom>(comm, new(), new(comm.Rank, comm.Size));

        TaskStatistics own = pool.Run(comm.IsRoot ? [.. Enumerable.Range(0, 64)] : []);

        Assert.That(comm.Allreduce(own.Executed, ReduceOperation.Sum), Is.EqualTo(64));
        Assert.That(own.Executed, Is.GreaterThanOrEqualTo(4), $"rank {comm.Rank}");
        Assert.That(own.BusySeconds, Is.GreaterThan(own.IdleSeconds), $"rank {comm.Rank}");
    });

    [Test]
    public void Given_capabilities_decide_how_much_is_stolen([Values(0.25, 3.0)] double thief) => OnEveryRank(2, comm =>
    {
        var options = new StealingOptions { Capabilities = [1, thief] };
        using var pool = new TaskPool<int, SleepingTasks, NearThenRandom>(comm, new(), new(comm.Rank, comm.Size, options.Capabilities), options);

        TaskStatistics own = pool.Run(comm.IsRoot ? [.. Enumerable.Range(0, 64)] : []);

        // 32 of the 64 are offered first.
        if (comm.Rank == 1)
            Assert.That(own.TasksStolen, thief > 1 ? Is.GreaterThanOrEqualTo(24) : Is.InRange(6, 50));
    });

    [Test]
    public void Task_that_throws_ends_the_run_on_every_rank_by_name([Sizes] int size) => OnEveryRank(size, comm =>
    {
        var body = new NumberedTasks(5_000, 1) { Bad = 1234 };
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size));

        TaskException failure = Assert.Throws<TaskException>(() => pool.Run(comm.IsRoot ? [1] : []))!;

        Assert.That(failure.Message, Is.EqualTo($"task 1234 failed on rank {failure.Rank}: InvalidOperationException: no such row"));
        Assert.That(failure.InnerException, comm.Rank == failure.Rank ? Is.TypeOf<InvalidOperationException>() : Is.Null);
        Assert.That(comm.Allgather(failure.Rank), Is.All.EqualTo(failure.Rank));
    });

    [Test]
    public void Tasks_that_throw_on_all_ranks_are_told_alike_on_all([Sizes] int size) => OnEveryRank(size, comm =>
    {
        var body = new NumberedTasks(10, 1) { Bad = 5 };
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size), new() { Enabled = false });

        TaskException failure = Assert.Throws<TaskException>(() => pool.Run([5]))!;

        Assert.That(comm.Allgather(failure.Rank), Is.All.EqualTo(failure.Rank));
        Assert.That(failure.Message, Is.EqualTo($"task 5 failed on rank {failure.Rank}: InvalidOperationException: no such row"));
    });

    [Test]
    public void Own_victim_selector_is_asked([Values(2, 3)] int size) => OnEveryRank(size, comm =>
    {
        var body = new NumberedTasks(5_000, 1);
        using var pool = new TaskPool<int, NumberedTasks, FromTheRoot>(comm, body, new FromTheRoot { Thief = comm.Rank });

        pool.Run(comm.IsRoot ? [1] : []);

        Assert.That(TimesExecuted(comm, body), Is.All.EqualTo(1));
    });

    [Test]
    public void Sample_tree_has_its_published_counts([Sizes] int size, [Values("T1", "T2", "T3", "T4", "T5")] string name) => OnEveryRank(size, comm =>
    {
        UtsTree tree = SampleTrees.Named(name);

        UtsResult result = UtsJob.Run(comm, new() { Tree = tree });

        Assert.That(result.Counts, Is.EqualTo(tree.Published));
    });

    [Test]
    public void Wrong_count_ends_the_run_on_every_rank([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        UtsTree tree = SampleTrees.Named("T1") with { Seed = 20, DepthScale = 5 };

        Assert.That(() => UtsJob.Run(comm, new() { Tree = tree }), Throws.TypeOf<SoraException>()
            .With.Message.Contains("published are 4130071 nodes, 3305118 leaves, depth 10"));
    });

    private static int[] TimesExecuted(Communicator comm, NumberedTasks body)
    {
        int[] all = new int[body.Times.Length];
        comm.Allreduce<int>(body.Times, all, ReduceOperation.Sum);
        return all;
    }

    /// <summary>Tasks 1 to n; task i makes some of the next, so that each is made once. Now and then one takes longer.</summary>
    protected sealed class NumberedTasks(int tasks, int batch) : ITaskBody<int>
    {
        internal int[] Times { get; } = new int[tasks];

        internal int Bad { get; init; }

        public int BatchSize => batch;

        // Task i makes 2i and 2i + 1 as far as they exist: the numbers of a heap.
        public void Execute(ReadOnlySpan<int> numbers, TaskQueue<int> queue)
        {
            foreach (int number in numbers)
            {
                if (number == Bad)
                    throw new InvalidOperationException("no such row");
                Times[number - 1]++;
                if (number % 97 == 0)
                    Thread.SpinWait(2000);
                for (int child = 2 * number; child <= 2 * number + 1; child++)
                    if (child <= tasks)
                        queue.Push(child);
            }
        }

        public string NameOf(in int task) => $"task {task}";
    }

    private sealed class SleepingTasks : ITaskBody<int>
    {
        public int BatchSize => 1;

        public void Execute(ReadOnlySpan<int> tasks, TaskQueue<int> queue) => Thread.Sleep(2);

        public string NameOf(in int task) => $"nap {task}";
    }

    private readonly struct FromTheRoot : IVictimSelector
    {
        internal int Thief { get; init; }

        public int Next() => Thief != 0 ? 0 : 1;

        public void Report(int victim, bool found) { }
    }
}
