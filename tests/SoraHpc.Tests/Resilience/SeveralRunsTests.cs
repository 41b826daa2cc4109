using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Faults;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Resilience;

/// <summary>Two runs in one body: whichever a death breaks off goes on from its own copies and tells of it, and the other does not.</summary>
[CancelAfter(300_000)]
public sealed class SeveralRunsTests : FolderTests
{
    private const int FirstSteps = 6, SecondSteps = 10, EveryNthCall = 5;

    private enum Moment { BeforeFirst, InFirst, BetweenOrOpening, InSecond, AfterSecond }

    private byte[] expected = [];
    private long calls;

    [SetUp]
    public void RunUndisturbed()
    {
        HeatData.Write(In("plate.h5"), 14, 11);
        Outcome quiet = Run(2, new() { Seed = 1 }, replace: false);
        calls = quiet.Faulty.Events.Max(happened => happened.Call);
        expected = Stopped.Numbers(In("second.h5"));
        Assert.That((quiet.Lost, quiet.Warnings), Is.EqualTo((new double?[2], new string?[2])));
    }

    [Test]
    public void Recovery_is_told_once_by_the_run_it_happened_in([Values] bool replace)
    {
        HashSet<Moment> seen = [];
        long furthest = 0;
        for (long call = 1; call <= calls; call += EveryNthCall)
        {
            Outcome run = Run(3, FaultyRun.Schedule(true, new Fault(FaultKind.Death, Rank: 0, call)), replace);
            string what = $"died at call {call}, {run.Died}{Environment.NewLine}{run.Faulty.Said}";
            Assert.That(run.Faulty.Code, Is.Zero, what);
            Assert.That(Stopped.Numbers(In("second.h5")), Is.EqualTo(expected), what);
            Assert.That(run.Lost.Count(lost => lost is not null), Is.LessThanOrEqualTo(1), what);
            if (run.Died == Moment.InFirst)
                Assert.That(run.Lost[0], Is.Not.Null, what);
            if (run.Died is Moment.InSecond)
            {
                Assert.That(run.Lost[1], Is.Not.Null, what);
                Assert.That(run.Warnings[0], Is.Null, what);
                furthest = Math.Max(furthest, run.SecondWentOnFrom ?? 0);
            }
            seen.Add(run.Died);
        }
        Assert.That(seen, Does.Contain(Moment.InFirst).And.Contain(Moment.InSecond), $"{calls} calls");
        Assert.That(furthest, Is.EqualTo(SecondSteps - 2), "its copies are there when the first run has been done again");
    }

    [Test]
    public void Deaths_in_both_runs_are_told_by_each()
    {
        long inSecond = CallInSecond(replace: true);
        Fault[] both = [new(FaultKind.Death, Rank: 0, inSecond), new(FaultKind.Death, Rank: 1, inSecond / 3, Generation: 1)];

        Outcome run = Run(3, FaultyRun.Schedule(true, both), replace: true);

        Assert.That(run.Faulty.Code, Is.Zero, run.Faulty.Said);
        Assert.That(run.Lost, Has.None.Null, run.Faulty.Said);
        Assert.That(Stopped.Numbers(In("second.h5")), Is.EqualTo(expected));
    }

    [Test]
    public void Death_in_the_second_is_not_told_by_the_first_where_a_rank_stood_by([Values] bool replace)
    {
        Schedule standsBy = new((2, 0), (3, 1000));
        long inSecond = CallInSecond(replace, standsBy);

        Outcome run = Run(3, FaultyRun.Schedule(true, new Fault(FaultKind.Death, Rank: 0, inSecond)), replace, standsBy);

        Assert.That(run.Faulty.Code, Is.Zero, run.Faulty.Said);
        Assert.That(run.Lost[0], Is.Null, run.Faulty.Said);
        Assert.That(run.Lost[1], Is.Not.Null, run.Faulty.Said);
        Assert.That(Stopped.Numbers(In("second.h5")), Is.EqualTo(expected));
    }

    private long CallInSecond(bool replace, IElasticity? second = null)
    {
        long call = 1;
        while (Run(3, FaultyRun.Schedule(true, new Fault(FaultKind.Death, Rank: 0, call)), replace, second).Died != Moment.InSecond)
            Assert.That(call += EveryNthCall, Is.LessThanOrEqualTo(2 * calls), "no call is in the second run");
        return call;
    }

    private sealed record Outcome(FaultyRun Faulty, Moment Died, double?[] Lost, string?[] Warnings, long? SecondWentOnFrom);

    private Outcome Run(int ranks, FaultSchedule schedule, bool replace, IElasticity? second = null)
    {
        File.Delete(In("second.h5"));
        var moment = Moment.BeforeFirst;
        CheckpointReport?[] reports = new CheckpointReport?[2];
        FaultyRun faulty = FaultyRun.Of(ranks, schedule, world =>
        {
            for (int run = 0; run < 2; run++)
            {
                (Moment opening, Moment within, Moment after) = run == 0 ? (Moment.BeforeFirst, Moment.InFirst, Moment.BetweenOrOpening)
                    : (Moment.BetweenOrOpening, Moment.InSecond, Moment.AfterSecond);
                bool isWatched = world is { IsRoot: true, Generation: 0 };
                if (isWatched)
                    moment = opening;
                RunResult result = HeatJob.Run(world, new()
                {
                    DataFile = In("plate.h5"), Output = In(run == 0 ? "first.h5" : "second.h5"), Steps = run == 0 ? FirstSteps : SecondSteps,
                    Elasticity = run == 1 && second is not null ? second : new FixedSize(),
                }, new()
                {
                    Checkpoints = new() { Copies = CheckpointInterval.EverySteps(2), InBackground = false },
                    Observer = isWatched ? new Watch(() => moment = within) : null,
                });
                if (isWatched)
                    moment = after;
                if (world.IsRoot)
                    reports[run] = result.Checkpoints;
            }
        }, new() { Replace = replace });
        return new(faulty, moment, [.. reports.Select(report => report?.LostSeconds)], [.. reports.Select(report => report?.Warning)],
            reports[1]?.Copies?.StartStep);
    }

    private sealed class Watch(Action step) : IRunObserver
    {
        public void AfterStep(long done, JobProgress progress, double imbalance) => step();

        public void Finished() { }
    }
}
