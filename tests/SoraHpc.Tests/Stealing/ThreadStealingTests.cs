using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Runtime.Stealing;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Stealing;

/// <summary>The contract of task pools on ranks that are threads, and many more of them than cores.</summary>
public sealed class ThreadStealingTests : StealingContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);

    [Test]
    public void Pause_after_no_batch_is_refused([Values(0, -1)] long batches) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PausableTasks<int, NumberedTasks>(new(tasks: 1, batch: 1)).Begin(seconds: 1, batches));

    [Test]
    public void Sixty_four_ranks_execute_every_task_once() => Stress(TimeSpan.FromSeconds(2), OneNode);

    [Test, Explicit("takes a minute")]
    public void Sixty_four_ranks_execute_every_task_once_for_a_minute() => Stress(TimeSpan.FromMinutes(1), OneNode);

    [Test]
    public void Sixty_four_ranks_on_several_nodes_execute_every_task_once() => Stress(TimeSpan.FromSeconds(2), SeveralNodes);

    [Test, Explicit("takes a minute")]
    public void Sixty_four_ranks_on_several_nodes_execute_every_task_once_for_a_minute() => Stress(TimeSpan.FromMinutes(1), SeveralNodes);

    [Test]
    public void Rank_that_fails_outside_a_task_ends_those_that_look_for_some()
    {
        Exception failure = Assert.Throws<InvalidDataException>(() => ThreadWorld.Run(3, comm =>
        {
            using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, new NumberedTasks(1, 1), new(comm.Rank, comm.Size));
            if (comm.Rank == 1)
                throw new InvalidDataException("no file");
            pool.Run([]);
        }))!;

        Assert.That(failure.Message, Is.EqualTo("no file"));
    }

    private static StealingOptions OneNode(int round) => new() { OfferedTasks = 2 << round % 8, WorkPerSteal = round % 2 * 8 };

    private static StealingOptions SeveralNodes(int round) => OneNode(round) with
    {
        BetweenNodes = new[] { StealTransport.Rma, StealTransport.PolledRma, StealTransport.Messages }[round % 3],
        RanksPerNode = 1 << round % 5,
    };

    // Pools of changing ring size, batch and task count, one after the other until the time is up.
    private static void Stress(TimeSpan duration, Func<int, StealingOptions> options) => ThreadWorld.Run(64, comm =>
    {
        var watch = Stopwatch.StartNew();
        long stolen = 0;
        for (int round = 0; comm.Broadcast(watch.Elapsed < duration ? 1 : 0) != 0; round++)
        {
            var body = new NumberedTasks(1 + round * 7919 % 30_000, 1 + round % 5);
            using var pool = new TaskPool<int, NumberedTasks, NearThenRandom>(comm, body, new(comm.Rank, comm.Size), options(round));
            TaskStatistics own = pool.Run(comm.Rank == round % comm.Size ? [1] : []);
            stolen += own.TasksStolen;
            int[] times = new int[body.Times.Length];
            comm.Allreduce<int>(body.Times, times, ReduceOperation.Sum);
            Assert.That(times, Is.All.EqualTo(1), $"round {round}");
        }
        Assert.That(comm.Allreduce(stolen, ReduceOperation.Sum), Is.Positive);
    });
}
