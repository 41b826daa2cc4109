using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Tests.Contracts;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Balancing;

/// <summary>The contract of moving parts on ranks that are threads; and what ends all ranks, which no test under a launcher survives.</summary>
public sealed class ThreadBalancingTests : BalancingContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);

    private static readonly Extent Plate = new(12, 16);

    [Test]
    public void Failure_of_one_rank_while_parts_move_ends_all() => Assert.That(
        Assert.Throws<InvalidOperationException>(() => Mix(3, ScriptedBalancer.Random(1), particle =>
        {
            if (particle.Rank == 1)
                throw new InvalidOperationException("no room for what has come");
        }))!.Message, Is.EqualTo("no room for what has come"));

    [Test]
    public void Ranks_that_decide_differently_are_told() => Assert.That(
        Assert.Throws<SoraException>(() => Mix(3, new ScriptedBalancer(point =>
            point.Particle.Rank == 2 ? new(new int[point.Division.Partition.Parts], 3) : null)))!.Message,
        Is.EqualTo("the balancer decided otherwise here than on rank 0: it must decide by what Measure gives, alone"));

    [Test]
    public void Placement_of_other_parts_is_refused() => Assert.That(
        Assert.Throws<SoraException>(() => Mix(2, new ScriptedBalancer(_ => new([0, 1, 1], 2))))!.Message,
        Does.StartWith("the balancer placed 3 parts on 2 ranks, but there are "));

    [Test]
    public void Placement_without_a_measurement_is_refused() => Assert.That(
        Assert.Throws<InvalidOperationException>(() => Mix(2, new ScriptedBalancer(point => point.Division.Placement) { Measures = false }))!.Message,
        Does.StartWith("a balancer moves parts only in a call that has measured"));

    [Test]
    public void Partitioner_that_answers_differently_on_a_rank_is_refused() => Assert.That(
        Assert.Throws<SoraException>(() => ThreadWorld.Run(3, world =>
        {
            Numbered data = new(Plate, 1);
            new Sora(data, new Fickle(world.Rank == 1 ? 0 : 1), new StaticBalancer(), new LocalSync(), new FixedSize()).Run(world, new MixingJob(data, 1));
        }))!.Message, Is.EqualTo("fickle divided the grid otherwise here than on rank 0: it must give the same answer on every rank"));

    [Test]
    public void Parts_that_take_long_leave_the_rank_that_holds_most_of_them()
    {
        // A part in the grid's first rows sleeps 3 ms a step, whatever else the machine does; with 2 ranks they all begin on one of them.
        RunResult result = Mix(2, new DynamicBalancer(new() { Interval = 2 }), onStep: particle =>
        {
            for (int i = 0; i < particle.Parts.Count; i++)
            {
                long begun = System.Diagnostics.Stopwatch.GetTimestamp();
                Block block = particle.Partition.Blocks[particle.Parts[i]];
                if (block.Begin.Row < 4)
                    Thread.Sleep(3);
                particle.CountPart(i, begun, block.Begin.Row < 4 ? 100 : 1);
            }
        }, steps: 40);

        Assert.That(result.Migrations, Is.Not.Empty);
        Assert.That(result.Migrations[0].Before, Is.GreaterThan(1.3));
        Assert.That(result.Migrations[0].After, Is.LessThan(result.Migrations[0].Before));
    }

    private static RunResult Mix(int ranks, IBalancer balancer, Action<Particle>? onMoved = null, Action<Particle>? onStep = null, int steps = 4) => OnThreads.RootOf(ranks, world =>
    {
        Numbered data = new(Plate, 1);
        Sora sora = new(data, new SpaceFillingCurvePartitioner(8) { Merges = false }, balancer, new LocalSync(), new FixedSize());
        return sora.Run(world, new MixingJob(data, steps) { OnMoved = onMoved, OnStep = onStep });
    });

    private sealed class Fickle(int dimension) : IPartitioner
    {
        public Division Cut(Grid grid, ReadOnlySpan<double> capabilities) => new SlabPartitioner(dimension + 1).Cut(grid, capabilities);

        public override string ToString() => "fickle";
    }
}
