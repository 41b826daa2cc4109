using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Faults;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Heat;
using SoraHpc.Jobs.Uts;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Tests.Contracts;
using SoraHpc.Tests.Resilience;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Elasticity;

/// <summary>The contract of changing the number of particles on ranks that are threads; and what ends all ranks, which no test under a launcher survives.</summary>
public sealed class ThreadElasticityTests : ElasticityContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);

    private sealed class Own(Func<int, int> answer) : IElasticity
    {
        public int Particles(int ranks, long cells) => 1;

        public long Interval => 3;

        public int Resize(ElasticPoint point) => answer(point.Particles);

        public override string ToString() => "my own";
    }

    /// <summary>Changes nothing and notes what it is told.</summary>
    private sealed class Listening(long interval, List<ElasticPoint> told) : IElasticity
    {
        public int Particles(int ranks, long cells) => ranks;

        public long Interval => interval;

        public int Resize(ElasticPoint point)
        {
            told.Add(point);
            return point.Particles;
        }
    }

    [Test]
    public void Number_there_cannot_be_ends_all_ranks_with_one_line([Values(0, 4)] int number) => Assert.That(
        Assert.Throws<SoraException>(() => Heat(3, new Own(_ => number)))!.Message, Is.EqualTo($"my own wants {number} particles: there are 3 ranks, and a run has 1 particle or more"));

    [Test]
    public void Ranks_that_answer_differently_are_told()
    {
        int asked = 0;                                                  // rank 0 grows to two; then one of the two answers otherwise
        Assert.That(Assert.Throws<SoraException>(() => Heat(3, new Own(now => now == 1 ? 2 : Interlocked.Increment(ref asked) % 2 + 2)))!.Message,
            Is.EqualTo("my own wants other particles after step 6 here than on rank 0: it must give the same answer on every rank"));
    }

    [Test]
    public void Rank_that_stands_by_hears_of_a_failure() => Assert.That(
        Assert.Throws<SoraException>(() => Heat(2, new Own(_ => throw new SoraException("no answer"))))!.Message, Is.EqualTo("no answer"));

    [Test]
    public void Ranks_that_stand_by_stop_with_the_particles()
    {
        using var folder = new TemporaryDirectory();
        using var stop = new CancellationTokenSource();
        HeatData.Write(folder.File("plate.h5"), 12, 13);
        int stopped = 0;

        ThreadWorld.Run(3, world =>
        {
            CheckpointOptions checkpoints = new() { Directory = folder.File("saved"), Stop = stop.Token };
            SoraOptions run = new() { Checkpoints = checkpoints, Observer = world.IsRoot ? new StopAfter(5, stop) : null };
            Assert.Throws<RunStoppedException>(() => HeatJob.Run(world, new()
            {
                DataFile = folder.File("plate.h5"), Output = folder.File("output.h5"), Steps = 2_000_000_000, Elasticity = new Own(_ => 1),
            }, run));
            Interlocked.Increment(ref stopped);
        });

        Assert.That(stopped, Is.EqualTo(3));
        Assert.That(Directory.GetFiles(folder.File("saved"), "checkpoint-*"), Is.Not.Empty);
    }

    [Test]
    public void Search_that_is_resized_goes_on_where_it_was([Values(2, 3)] int readers)
    {
        using var folder = new TemporaryDirectory();
        UtsTree tree = SampleTrees.Named("T3");
        CheckpointOptions saving = new() { Directory = folder.File("saved"), Interval = CheckpointInterval.EverySteps(30), Copies = CheckpointInterval.EverySteps(30) };
        // Counts that are wrong are found at the end, so this run fails and its last checkpoint stays.
        Assert.Throws<SoraException>(() => ThreadWorld.Run(3, world => UtsJob.Run(world,
            new() { Tree = tree with { Published = new(1, 1, 1) }, Elasticity = new Schedule((1, 0), (3, 100), (2, 250)) }, new() { Checkpoints = saving })));

        UtsResult result = OnThreads.RootOf(readers, world => UtsJob.Run(world, new() { Tree = tree, Elasticity = new Schedule((1, 0), (2, 100_000)) },
            new() { Checkpoints = saving with { Restart = true } }));

        Assert.That(result.Counts, Is.EqualTo(tree.Published));
        Assert.That(result.Run.Checkpoints!.RestartStep, Is.GreaterThan(0).And.Not.Null);
        Assert.That(result.Run.TotalWork, Is.LessThan(result.Counts.Nodes));
    }

    [Test]
    public void Files_of_a_search_come_after_their_steps_whoever_comes_and_goes([Values] bool hasCopies)
    {
        const int Every = 300;
        using var folder = new TemporaryDirectory();
        Schedule schedule = new([.. Enumerable.Range(0, 12).Select(i => (1 + i % 2, 200L * i))]);
        CheckpointOptions saving = new() { Directory = folder.File("saved"), Interval = CheckpointInterval.EverySteps(Every), Copies = hasCopies ? CheckpointInterval.EverySteps(70) : null };

        UtsResult result = OnThreads.RootOf(2, world => UtsJob.Run(world, new() { Tree = SampleTrees.Named("T3"), Elasticity = schedule }, new() { Checkpoints = saving }));

        Assert.That(result.Counts, Is.EqualTo(SampleTrees.Named("T3").Published));
        Assert.That(result.Run.Resizes, Has.Count.EqualTo(11));
        Assert.That(result.Run.Checkpoints!.Written, Is.EqualTo((result.Run.Steps - 1) / Every));
    }

    [Test]
    public void Work_of_a_step_is_what_it_was_after_a_restart()
    {
        using var folder = new TemporaryDirectory();
        HeatOptions options = new() { DataFile = folder.File("plate.h5"), Output = folder.File("output.h5"), Steps = 100 };
        HeatData.Write(options.DataFile, 12, 13);
        Stopped.Run(1, folder.File("saved"), every: 60, failAfter: 70, (world, run) => HeatJob.Run(world, options, run));
        List<ElasticPoint> told = [];

        Stopped.GoOn(1, folder.File("saved"), (world, run) => HeatJob.Run(world, options with { Elasticity = new Listening(9, told) }, run));

        Assert.That(told.Select(point => (point.Step, point.Work)), Is.EqualTo(new[] { (63L, 156.0), (72, 156), (81, 156), (90, 156), (99, 156) }));
    }

    [Test]
    public void Work_of_a_search_is_what_it_was_after_a_restart()
    {
        using var folder = new TemporaryDirectory();
        UtsTree tree = SampleTrees.Named("T3");
        CheckpointOptions saving = new() { Directory = folder.File("saved"), Interval = CheckpointInterval.EverySteps(3000), InBackground = false };
        Assert.Throws<SoraException>(() => ThreadWorld.Run(1, world => UtsJob.Run(world, new() { Tree = tree with { Published = new(1, 1, 1) } }, new() { Checkpoints = saving })));
        List<ElasticPoint> told = [];

        ThreadWorld.Run(1, world => UtsJob.Run(world, new() { Tree = tree, Elasticity = new Listening(500, told) }, new() { Checkpoints = saving with { Restart = true } }));

        // Nearly every batch is full, and each of its tasks has as many children.
        Assert.That(told[0].Step, Is.EqualTo(6500));
        Assert.That(told[0].Work, Is.EqualTo(64 * tree.BinomialChildren).Within(5).Percent);
    }

    [Test]
    public void Search_with_given_capabilities_goes_on_without_those_of_the_dead()
    {
        UtsCounts? counts = null;
        FaultyRun run = FaultyRun.Of(3, FaultyRun.Schedule(takeTurns: false, new Fault(FaultKind.Death, Rank: 1, 10)), world =>
        {
            UtsResult own = UtsJob.Run(world, new() { Tree = SampleTrees.Named("T3"), Stealing = new() { Capabilities = [1, 2, 4] } });
            if (world.IsRoot)
                counts = own.Counts;
        }, new() { Replace = false });

        Assert.That((run.Code, run.Failures), Is.EqualTo((0, Array.Empty<string>())), run.Said);
        Assert.That(run.Said, Does.Contain("going on with 2 ranks"));
        Assert.That(counts, Is.EqualTo(SampleTrees.Named("T3").Published));
    }

    [Test]
    public void Search_that_is_resized_survives_deaths([Values] bool replace, [Values(40, 120, 300, 700)] long call)
    {
        UtsResult? result = null;
        FaultyRun run = FaultyRun.Of(4, FaultyRun.Schedule(takeTurns: false, new Fault(FaultKind.Death, Rank: (int)(call / 20 % 3), call)), world =>
        {
            UtsResult own = UtsJob.Run(world, new() { Tree = SampleTrees.Named("T3"), Elasticity = new Schedule((2, 0), (4, 20), (1, 40), (3, 60)) },
                new() { Checkpoints = new() { Copies = CheckpointInterval.EverySteps(7) } });
            if (world.IsRoot)
                result = own;
        }, new() { Replace = replace });

        Assert.That((run.Code, run.Failures), Is.EqualTo((0, Array.Empty<string>())), run.Said);
        Assert.That(run.Said, Does.Contain("going on with"));
        Assert.That(result!.Counts, Is.EqualTo(SampleTrees.Named("T3").Published));
    }

    [Test]
    public void Ranks_that_stand_by_stop_with_the_search()
    {
        using var folder = new TemporaryDirectory();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        int stopped = 0;

        ThreadWorld.Run(3, world =>
        {
            Assert.Throws<RunStoppedException>(() => UtsJob.Run(world, new() { Tree = SampleTrees.Named("T3"), Elasticity = new Own(_ => 1) },
                new() { Checkpoints = new() { Directory = folder.File("saved"), Stop = stop.Token } }));
            Interlocked.Increment(ref stopped);
        });

        Assert.That(stopped, Is.EqualTo(3));
        Assert.That(Directory.GetFiles(folder.File("saved"), "checkpoint-*"), Is.Not.Empty);
    }

    private sealed class StopAfter(long step, CancellationTokenSource stop) : IRunObserver
    {
        public void AfterStep(long done, JobProgress progress, double imbalance)
        {
            if (done == step)
                stop.Cancel();
        }

        public void Finished() { }
    }

    private static void Heat(int ranks, IElasticity elasticity)
    {
        using TemporaryDirectory folder = new();
        HeatData.Write(folder.File("plate.h5"), 12, 13);
        ThreadWorld.Run(ranks, world => HeatJob.Run(world, new() { DataFile = folder.File("plate.h5"), Output = folder.File("output.h5"), Steps = 20, Elasticity = elasticity }));
    }
}
