using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Tests.Resilience;

public sealed class CheckpointIntervalTests
{
    // 2 · 2 s · 86400 s = 345600 s²; its root is 587.877…
    [TestCase(2, 86400, 587.87753826796277)]
    [TestCase(0.5, 100, 10)]
    [TestCase(0, 3600, 0)]
    [TestCase(50, 100, 100)]
    [TestCase(400, 100, 100)]
    public void Optimum_is_the_root_of_twice_cost_times_mean_time_up_to_the_mean_time(double cost, double mean, double expected) =>
        Assert.That(CheckpointInterval.Optimum(cost, mean), Is.EqualTo(expected).Within(1).Ulps);

    [Test]
    public void Optimum_costs_less_than_intervals_to_either_side([Values(0.01, 1, 20)] double cost, [Values(3600, 86400)] double mean)
    {
        // Of a long run: checkpoints, and on average half an interval lost at every failure.
        double Waste(double interval) => cost / interval + interval / (2 * mean);
        double best = CheckpointInterval.Optimum(cost, mean);

        Assert.That(Waste(best), Is.LessThan(Waste(best * 1.05)).And.LessThan(Waste(best / 1.05)));
    }

    [Test]
    public void Interval_follows_the_measured_cost()
    {
        CheckpointInterval interval = CheckpointInterval.ForFailures(TimeSpan.FromHours(24));

        Assert.That(interval.Seconds(double.NaN), Is.EqualTo(600), "no cost is known yet");
        Assert.That(CheckpointInterval.ForFailures(TimeSpan.FromHours(1)).Seconds(double.NaN), Is.EqualTo(36));
        Assert.That(interval.Seconds(2), Is.EqualTo(CheckpointInterval.Optimum(2, 86400)));
        Assert.That(CheckpointInterval.Every(TimeSpan.FromSeconds(7)).Seconds(2), Is.EqualTo(7));
        Assert.That(CheckpointInterval.EverySteps(5).Seconds(2), Is.EqualTo(double.PositiveInfinity));
    }

    [TestCase("90s", 90)]
    [TestCase("10m", 600)]
    [TestCase("1.5h", 5400)]
    [TestCase("2d", 172800)]
    [TestCase("250ms", 0.25)]
    public void Times_are_read_with_their_unit(string text, double seconds) =>
        Assert.That(CheckpointInterval.Parse(text), Is.EqualTo(CheckpointInterval.Every(TimeSpan.FromSeconds(seconds))));

    [Test]
    public void Steps_are_read() => Assert.That(CheckpointInterval.Parse("500steps"), Is.EqualTo(CheckpointInterval.EverySteps(500)));

    [Test]
    public void What_is_no_interval_is_refused([Values("", "10", "m", "-3s", "0s", "0steps", "1.5steps", "steps", "NaNs", "1e300h", "10 apples")] string text) =>
        Assert.Throws<UsageException>(() => CheckpointInterval.Parse(text));
}
