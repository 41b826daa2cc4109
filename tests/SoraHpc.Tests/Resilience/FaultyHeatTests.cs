using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Faults;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Resilience;

/// <summary>
/// A whole job, from file to file, under schedules drawn from seeds: ranks die while they compute, save, or recover, alone and two at once, stand still,
/// and lose or damage messages. The run ends with the bits of an undisturbed one, or with one line when nothing is left to go on from; and it ends.
/// </summary>
[CancelAfter(3_600_000)]
public sealed class FaultyHeatTests
{
    // So few steps that nothing is decided by how long they take: a run then makes the same calls every time.
    private const int Rows = 14, Columns = 11, Steps = 8;

    private string folder = "";
    private byte[] undisturbed = [];
    private long calls;

    private string Plate => Path.Combine(folder, "plate.h5");

    private string Output => Path.Combine(folder, "cooled.h5");

    private string Files => Path.Combine(folder, "checkpoints");

    [OneTimeSetUp]
    public void RunUndisturbed()
    {
        folder = Directory.CreateTempSubdirectory("sora-faulty-").FullName;
        HeatData.Write(Plate, Rows, Columns);
        ThreadWorld.Run(1, world => HeatJob.Run(world, new() { DataFile = Plate, Output = Output, Steps = Steps }));
        undisturbed = Stopped.Numbers(Output);
        FaultyRun quiet = Run(new() { Seed = 1 }, 3, Setting.Of(0));
        calls = quiet.Events.Max(happened => happened.Call);
    }

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Schedules_cost_no_bit() => RunAll(first: 1, count: 300);

    [Test, Explicit("minutes")]
    public void Ten_thousand_schedules_cost_no_bit() => RunAll(first: 1, count: 10_000);

    [Test]
    public void Schedules_cost_no_bit_when_ranks_run_at_the_same_time()
    {
        for (ulong seed = 1; seed <= 40; seed++)
            Check(seed, takeTurns: false);
    }

    [Test]
    public void Same_seed_replays_the_run()
    {
        for (ulong seed = 1; seed <= 24; seed++)
        {
            FaultyRun first = Check(seed), second = Check(seed);
            Assert.That(second.Events, Is.EqualTo(first.Events).AsCollection, $"seed {seed}");
            Assert.That(second.Failures, Is.EqualTo(first.Failures));
        }
    }

    private void RunAll(ulong first, ulong count)
    {
        var clock = Stopwatch.StartNew();
        var tally = new Tally();
        for (ulong seed = first; seed < first + count; seed++)
            tally.Add(Check(seed));
        TestContext.Out.WriteLine($"{count} schedules of up to {calls} calls a rank in {clock.Elapsed.TotalSeconds:0.0} s: {tally}");
    }

    /// <summary>One schedule. To see a failing seed again, call this with it alone.</summary>
    private FaultyRun Check(ulong seed, bool takeTurns = true)
    {
        int ranks = 2 + (int)(seed % 4);
        FaultMix mix = new() { Ranks = ranks, Calls = calls, MostDeaths = 3, MostDelays = 2, MostLosses = 2, MostCorruptions = 2 };
        FaultSchedule schedule = FaultSchedule.Draw(seed, mix) with { TakeTurns = takeTurns };
        FaultyRun run = Run(schedule, ranks, Setting.Of(seed));
        string replay = $"{ranks} ranks, {Setting.Of(seed)}, {schedule}{Environment.NewLine}{run.Said}{Environment.NewLine}{string.Join(Environment.NewLine, run.Events)}";
        Assert.That(run.Failures, Has.Length.EqualTo(run.Code), replay);
        if (run.Code == 0)
            Assert.That(Stopped.Numbers(Output).AsSpan().SequenceEqual(undisturbed), Is.True, replay);
        else if (run.Failures[0].Contains("did not arrive whole"))
            Assert.That(run.Events.Select(happened => happened.What), Has.Some.EndsWith("is given up"), replay);
        else
            Assert.That(run.Failures, Is.EqualTo(new[] { "sora: all ranks have died: nobody is left to go on" }), replay);
        return run;
    }

    private FaultyRun Run(FaultSchedule schedule, int ranks, Setting setting)
    {
        File.Delete(Output);
        if (Directory.Exists(Files))
            Directory.Delete(Files, recursive: true);
        CheckpointOptions? checkpoints = setting.Keeps(Files);
        return FaultyRun.Of(ranks, schedule, world => HeatJob.Run(world, new() { DataFile = Plate, Output = Output, Steps = Steps },
            new SoraOptions { Checkpoints = checkpoints }), new() { Replace = setting.Replace }, checks: true);
    }

    /// <summary>What a run goes on from, and with whom.</summary>
    private sealed record Setting(bool Replace, bool InMemory, bool OnDisk)
    {
        internal static Setting Of(ulong seed) => new(seed / 4 % 2 == 0, seed / 8 % 4 != 0, seed / 8 % 4 is 1);

        internal CheckpointOptions? Keeps(string directory) => !InMemory && !OnDisk ? null : new()
        {
            Directory = OnDisk ? directory : null, Interval = CheckpointInterval.EverySteps(3),
            Copies = InMemory ? CheckpointInterval.EverySteps(2) : null, InBackground = false,
        };
    }

    /// <summary>What came of many schedules.</summary>
    private sealed class Tally
    {
        private int whole, ended, deaths, recoveries, repeated;

        internal void Add(FaultyRun run)
        {
            (whole, ended) = run.Code == 0 ? (whole + 1, ended) : (whole, ended + 1);
            deaths += Count(run, "dies ");
            recoveries += run.Said.Split("going on with").Length - 1;
            repeated += Count(run, "lost and missed") + Count(run, " wrong");
        }

        public override string ToString() => $"{whole} with the right bits, {ended} ended with one line; {deaths} deaths, {recoveries} recoveries, {repeated} messages sent again";

        private static int Count(FaultyRun run, string what) => run.Events.Count(happened => happened.What.Contains(what));
    }
}
