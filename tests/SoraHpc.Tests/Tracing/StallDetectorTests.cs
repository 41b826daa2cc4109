using NUnit.Framework;
using SoraHpc.Diagnostics.Energy;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Diagnostics.Watching;

namespace SoraHpc.Tests.Tracing;

public sealed class StallDetectorTests
{
    private static RankSighting Seen(RankActivity activity, int peer, long mark, long beats, long step = 5) => new(activity, peer, mark, step, beats, 4711);

    private static StallDetector Detector(int ranks) => new(TimeSpan.FromSeconds(10), [.. Enumerable.Range(0, ranks).Select(rank => $"node{rank}")]);

    [Test]
    public void Process_that_does_not_run_is_named_before_the_limit_is_over()
    {
        StallDetector detector = Detector(3);
        List<(int Second, string Line)> told = [];
        for (int second = 0; second < 12; second++)
            if (detector.Look([Seen(RankActivity.Wait, 1, second < 2 ? second : 2, second), Seen(RankActivity.Compute, -1, 7, Math.Min(second, 2)), Seen(RankActivity.Wait, 1, 3, second)], second) is { } line)
                told.Add((second, line));

        Assert.That(told[0].Second, Is.EqualTo(7));
        Assert.That(told[0].Line, Is.EqualTo("sora: stall: rank 1 (process 4711 on node1) has not run for 5 s, stopped or starved; ranks 0, 2 wait for rank 1 in wait for 7 s"));
    }

    [Test]
    public void Ranks_that_wait_for_each_other_are_told_once_and_again_after_twice_the_time()
    {
        StallDetector detector = Detector(2);
        List<(int Second, string Line)> told = [];
        for (int second = 0; second <= 45; second++)
            if (detector.Look([Seen(RankActivity.Receive, 1, 3, second), Seen(RankActivity.Receive, 0, 3, second)], second) is { } line)
                told.Add((second, line));

        Assert.That(told.Select(t => t.Second), Is.EqualTo(new[] { 10, 20, 40 }));
        Assert.That(told[0].Line, Is.EqualTo("sora: stall: rank 0 waits for rank 1 in receive for 10 s; rank 1 waits for rank 0 in receive for 10 s"));
        Assert.That(detector.Look([Seen(RankActivity.Compute, -1, 4, 46), Seen(RankActivity.Compute, -1, 4, 46)], 46), Is.EqualTo("sora: the stall is over after 46 s"));
    }

    [Test]
    public void Long_computation_alone_is_no_stall_and_is_named_when_others_wait_for_it()
    {
        StallDetector detector = Detector(2);
        for (int second = 0; second < 60; second++)
            Assert.That(detector.Look([Seen(RankActivity.Compute, -1, 3, second), Seen(RankActivity.Compute, -1, 3, second)], second), Is.Null);

        string? told = null;
        for (int second = 60; told is null; second++)
            told = detector.Look([Seen(RankActivity.Compute, -1, 3, second), Seen(RankActivity.Allreduce, -1, 4, second)], second);

        Assert.That(told, Is.EqualTo("sora: stall: rank 0 is in compute after step 5 for 70 s; rank 1 waits in allreduce for 10 s"));
    }

    [Test]
    public void Rank_that_was_never_seen_is_not_told_of()
    {
        StallDetector detector = Detector(2);
        for (int second = 0; second < 60; second++)
            Assert.That(detector.Look([Seen(RankActivity.Compute, -1, second, second), default], second), Is.Null);
    }

    [Test]
    public void Line_about_many_ranks_names_few_and_counts_the_rest()
    {
        const int Ranks = 1600;
        StallDetector detector = Detector(Ranks);
        string? told = null;
        for (int second = 0; told is null; second++)        // a ring: every rank waits for the one before it
            told = detector.Look([.. Enumerable.Range(0, Ranks).Select(rank => Seen(RankActivity.Receive, (rank + Ranks - 1) % Ranks, 3, second))], second);

        Assert.That(told, Does.StartWith("sora: stall: rank 0 waits for rank 1599 in receive for 10 s; rank 1 waits for rank 0").And.EndsWith("; and 1594 ranks more"));
        Assert.That(told.Split(';'), Has.Length.LessThanOrEqualTo(8));
    }

    [TestCase(new[] { 0 }, "0")]
    [TestCase(new[] { 0, 1, 2, 5, 7, 8 }, "0–2, 5, 7–8")]
    [TestCase(new[] { 0, 2, 4, 6, 8, 10 }, "0, 2, 4, 6, … (6 in all)")]
    public void Ranks_are_listed_by_runs(int[] ranks, string text) => Assert.That(RankList.Text(ranks), Is.EqualTo(text));

    [Test]
    public void Imbalance_is_told_when_it_lasts_and_when_it_is_over()
    {
        var loads = new LoadSeries { Bound = 2 };
        var detector = new ImbalanceDetector(loads, steps: 3);
        loads.Add(1, 0, 3, 1);
        loads.Add(2, 0, 3, 1);
        Assert.That(detector.Look(), Is.Null);
        loads.Add(3, 0, 3, 1);
        Assert.That(detector.Look(), Does.StartWith("sora: imbalance: λ max/mean has been above 2 for 3 steps, it is 3.00 now"));
        Assert.That(detector.Look(), Is.Null);
        loads.Add(4, 0, 1, 1);
        Assert.That(detector.Look(), Is.EqualTo("sora: λ max/mean is back at 1.00"));
    }

    [Test]
    public void Energy_is_of_packages_and_memory_and_survives_a_counter_that_wraps()
    {
        using TemporaryDirectory folder = new();
        Zone("intel-rapl:0", "package-0", 900_000, 999_999);
        Zone("intel-rapl:0:0", "core", 5, 999_999);
        Zone("intel-rapl:0:1", "dram", 100, 999_999);
        Zone("intel-rapl:1", "psys", 7, 999_999);
        PowercapEnergy energy = PowercapEnergy.Open(folder.Path)!;
        Zone("intel-rapl:0", "package-0", 100_000, 999_999);
        Zone("intel-rapl:0:0", "core", 500_000, 999_999);
        Zone("intel-rapl:0:1", "dram", 300_100, 999_999);
        energy.Update();
        Assert.That(energy.Joules, Is.EqualTo(0.2 + 0.3).Within(1e-12));

        File.Delete(folder.File("intel-rapl:0:1/energy_uj"));
        energy.Update();
        Assert.That(energy.Joules, Is.EqualTo(0.5).Within(1e-12));
        Assert.That(PowercapEnergy.Open(folder.Path), Is.Null);
        Assert.That(PowercapEnergy.Open(folder.File("nothing")), Is.Null);

        void Zone(string name, string label, long microjoules, long range)
        {
            string path = Directory.CreateDirectory(folder.File(name)).FullName;
            File.WriteAllText(Path.Combine(path, "name"), $"{label}\n");
            File.WriteAllText(Path.Combine(path, "energy_uj"), $"{microjoules}\n");
            File.WriteAllText(Path.Combine(path, "max_energy_range_uj"), $"{range}\n");
        }
    }

    [TestCase(double.NaN, "energy: not reported by this machine")]
    [TestCase(100, "energy: 100 J, 50 W on average")]
    public void Energy_in_words(double joules, string words) => Assert.That(EnergyText.Of(joules, 2), Is.EqualTo(words));
}
