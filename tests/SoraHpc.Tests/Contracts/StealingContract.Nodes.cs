using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Jobs.Uts;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Tests.Contracts;

// Between nodes: a few ranks each form a node of their own here and share no memory with the others.
public abstract partial class StealingContract
{
    protected sealed class TransportsAttribute() : ValuesAttribute(StealTransport.Measured, StealTransport.Rma, StealTransport.PolledRma, StealTransport.Messages);

    [Test]
    public void Every_task_is_executed_once_between_nodes([Values(2, 3, 4)] int size, [Transports] StealTransport transport, [Values(1, 2)] int ranksPerNode, [Values(2, 4096)] int offered) => OnEveryRank(size, comm =>
    {
        const int Tasks = 20_000;
        var body = new NumberedTasks(Tasks, 3);
        var options = new StealingOptions { BetweenNodes = transport, RanksPerNode = ranksPerNode, OfferedTasks = offered };
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size), options);

        TaskStatistics own = pool.Run(comm.IsRoot ? [1] : []);

        Assert.That(TimesExecuted(comm, body), Is.All.EqualTo(1));
        Assert.That(comm.Allreduce(own.Executed, ReduceOperation.Sum), Is.EqualTo(Tasks));
        Assert.That(own.StealsSucceeded, Is.LessThanOrEqualTo(own.StealsTried));
        Assert.That(own.StealsFromOtherNodes, Is.LessThanOrEqualTo(own.StealsSucceeded));
        Assert.That(pool.Transport, size <= ranksPerNode ? Is.EqualTo("shared memory") : Does.Contain("RMA").Or.Contain("messages"));
    });

    [Test]
    public void Pool_over_nodes_ends_and_can_be_used_again([Values(2, 4)] int size, [Transports] StealTransport transport) => OnEveryRank(size, comm =>
    {
        var body = new NumberedTasks(200, 1);
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size), new() { BetweenNodes = transport, RanksPerNode = 1 });
        for (int run = 1; run <= 30; run++)
        {
            Assert.That(pool.Run([]).Executed, Is.Zero);
            pool.Run(run % comm.Size == comm.Rank ? [1] : []);
            Assert.That(TimesExecuted(comm, body), Is.All.EqualTo(run));
        }
    });

    [Test]
    public void Tasks_of_one_rank_reach_all_nodes([Values(2, 3)] int size, [Transports] StealTransport transport) => OnEveryRank(size, comm =>
    {
        using var pool = new TaskPool<int, SleepingTasks, NearThenRandom>(comm, new(), new(comm.Rank, comm.Size), new() { BetweenNodes = transport, RanksPerNode = 1 });

        TaskStatistics own = pool.Run(comm.IsRoot ? [.. Enumerable.Range(0, 96)] : []);

        Assert.That(comm.Allreduce(own.Executed, ReduceOperation.Sum), Is.EqualTo(96));
        Assert.That(own.Executed, Is.GreaterThanOrEqualTo(4), $"rank {comm.Rank}");
    });

    [Test]
    public void Task_that_throws_ends_the_run_on_every_node_by_name([Values(2, 3, 4)] int size, [Transports] StealTransport transport, [Values(1, 2)] int ranksPerNode) => OnEveryRank(size, comm =>
    {
        var body = new NumberedTasks(5_000, 1) { Bad = 1234 };
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size), new() { BetweenNodes = transport, RanksPerNode = ranksPerNode });

        TaskException failure = Assert.Throws<TaskException>(() => pool.Run(comm.IsRoot ? [1] : []))!;

        Assert.That(failure.Message, Is.EqualTo($"task 1234 failed on rank {failure.Rank}: InvalidOperationException: no such row"));
        Assert.That(failure.InnerException, comm.Rank == failure.Rank ? Is.TypeOf<InvalidOperationException>() : Is.Null);
        Assert.That(comm.Allgather(failure.Rank), Is.All.EqualTo(failure.Rank));
    });

    [Test]
    public void Tasks_that_throw_on_all_nodes_are_told_alike_on_all([Values(2, 4)] int size, [Transports] StealTransport transport) => OnEveryRank(size, comm =>
    {
        var body = new NumberedTasks(10, 1) { Bad = 5 };
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size), new() { BetweenNodes = transport, RanksPerNode = 1 });

        TaskException failure = Assert.Throws<TaskException>(() => pool.Run([5]))!;

        Assert.That(comm.Allgather(failure.Rank), Is.All.EqualTo(failure.Rank));
    });

    [Test]
    public void Pool_over_nodes_without_stealing_executes_what_each_rank_has([Values(2, 4)] int size) => OnEveryRank(size, comm =>
    {
        var body = new NumberedTasks(500, 1);
        using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size), new() { Enabled = false, RanksPerNode = 1 });

        TaskStatistics own = pool.Run([1]);

        Assert.That(own.Executed, Is.EqualTo(500));
        Assert.That(body.Times, Is.All.EqualTo(1));
    });

    [Test]
    public void Sample_tree_has_its_published_counts_between_nodes([Values(2, 4)] int size, [Values(StealTransport.Rma, StealTransport.PolledRma, StealTransport.Messages)] StealTransport transport, [Values("T1", "T2", "T3", "T5")] string name) => OnEveryRank(size, comm =>
    {
        UtsTree tree = SampleTrees.Named(name);

        UtsResult result = UtsJob.Run(comm, new() { Tree = tree, Stealing = new() { BetweenNodes = transport, RanksPerNode = size == 4 ? 2 : 1 } });

        Assert.That(result.Counts, Is.EqualTo(tree.Published));
    });
}
