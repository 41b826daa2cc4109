using NUnit.Framework;
using SoraHpc.Decomposition;
using SoraHpc.Runtime.Balancing;

namespace SoraHpc.Tests.Balancing;

/// <summary>When a move pays and which one is chosen: pure arithmetic, worked out by hand.</summary>
public sealed class MoveEstimateTests
{
    [Test]
    public void Move_pays_when_what_is_saved_outweighs_what_it_costs()
    {
        // 10 ms → 6 ms a step; 50 MB at 1 GB/s and 30 ms of planning: 80 ms, so 20 steps pay it back.
        MoveEstimate move = new(Now: 0.010, Then: 0.006, Bytes: 50_000_000, BytesPerSecond: 1e9, PlanSeconds: 0.030);

        Assert.Multiple(() =>
        {
            Assert.That(move.Gain, Is.EqualTo(0.004).Within(1e-15));
            Assert.That(move.Cost, Is.EqualTo(0.080).Within(1e-15));
            Assert.That(move.Profit(19), Is.Negative);
            Assert.That(move.Profit(21), Is.EqualTo(0.004).Within(1e-12));
        });
    }

    [TestCase(1000.0, 12, 12.0)]
    [TestCase(5.0, 12, 5.0)]
    [TestCase(0.0, 12, 0.0)]
    public void Gain_counts_for_the_steps_left_but_no_more_than_parts_have_lain(double left, long since, double expected) =>
        Assert.That(MoveEstimate.Horizon(left, since), Is.EqualTo(expected));

    [Test]
    public void Prediction_scales_parts_that_move_by_the_ranks_capabilities()
    {
        // Rank 1 is twice as fast: what took rank 0 four seconds takes it two.
        MeasuredLoad load = Load([0, 0, 1], [4, 1, 2], [1, 2]);

        Assert.That(load.Predict(new([0, 1, 1], 2)), Is.EqualTo(new[] { 4, 0.5 + 2 }));
        Assert.That(load.Predict(new([1, 1, 0], 2)), Is.EqualTo(new[] { 4, 2 + 0.5 }));
        Assert.That(load.Imbalance, Is.EqualTo(5 / 3.5));
    }

    [Test]
    public void Best_cut_is_taken_where_moving_costs_nothing()
    {
        MeasuredLoad load = Load([0, 0, 0, 0, 1, 1, 1, 1], [4, 4, 4, 4, 1, 1, 1, 1], [1, 1]);

        Placement? answer = new DynamicBalancer().Decide(load, steps: 10, bytesPerSecond: 1e30);

        Assert.That(RanksOf(answer!), Is.EqualTo(new[] { 0, 0, 1, 1, 1, 1, 1, 1 }).Or.EqualTo(new[] { 0, 0, 0, 1, 1, 1, 1, 1 }));
        Assert.That(load.Predict(answer!).Max(), Is.EqualTo(12));
    }

    [Test]
    public void Small_shift_is_taken_where_bytes_are_dear()
    {
        // 88.5 s and 16 s. The best cut, after the first part, moves four parts of one byte for 55.5 s; one within 20 % of it moves three
        // for 62 s. Over one step they save 33 and 26.5 s: at 1/8 B/s the bytes cost 32 and 24 s, at 1/9 B/s 36 and 27 s, which is too much.
        MeasuredLoad load = Load([0, 0, 0, 0, 0, 1], [49, 13, 13, 13, 0.5, 16], [1, 1]) with { PartBytes = [1, 1, 1, 1, 1, 1] };

        Assert.That(RanksOf(new DynamicBalancer().Decide(load, steps: 1, bytesPerSecond: 1e9)!), Is.EqualTo(new[] { 0, 1, 1, 1, 1, 1 }));
        Assert.That(RanksOf(new DynamicBalancer().Decide(load, steps: 1, bytesPerSecond: 1.0 / 8)!), Is.EqualTo(new[] { 0, 0, 1, 1, 1, 1 }));
        Assert.That(new DynamicBalancer().Decide(load, steps: 1, bytesPerSecond: 1.0 / 9), Is.Null);
    }

    [Test]
    public void Nothing_moves_when_it_cannot_pay_or_gains_next_to_nothing()
    {
        MeasuredLoad uneven = Load([0, 0, 0, 1], [1, 1, 1, 1], [1, 1]), even = Load([0, 0, 1, 1], [1.01, 1, 1, 1], [1, 1]);

        Assert.Multiple(() =>
        {
            Assert.That(new DynamicBalancer().Decide(uneven, steps: 100, bytesPerSecond: 1e9), Is.Not.Null);
            Assert.That(new DynamicBalancer().Decide(uneven, steps: 0, bytesPerSecond: 1e9), Is.Null);
            Assert.That(new DynamicBalancer().Decide(uneven with { PlanSeconds = 101 }, steps: 100, bytesPerSecond: 1e9), Is.Null);
            Assert.That(new DynamicBalancer().Decide(even, steps: 1e9, bytesPerSecond: 1e9), Is.Null);
        });
    }

    [Test]
    public void Slow_rank_gets_less_of_an_even_grid()
    {
        // Rank 0 needs 3 s for what rank 1 does in one.
        MeasuredLoad load = Load([0, 0, 0, 0, 1, 1, 1, 1], [3, 3, 3, 3, 1, 1, 1, 1], [1, 3]);

        Assert.That(RanksOf(new DynamicBalancer().Decide(load, steps: 100, bytesPerSecond: 1e9)!), Is.EqualTo(new[] { 0, 0, 1, 1, 1, 1, 1, 1 }));
    }

    [Test]
    public void Placement_that_is_not_contiguous_is_cut_anew()
    {
        MeasuredLoad load = Load([1, 0, 1, 1], [1, 1, 1, 1], [1, 1]);

        Assert.That(RanksOf(new DynamicBalancer().Decide(load, steps: 100, bytesPerSecond: 1e9)!), Is.EqualTo(new[] { 0, 0, 1, 1 }));
    }

    [Test]
    public void Wrong_options_are_refused([Values(0, -1)] int interval, [Values(0, 1, double.NaN)] double share)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new DynamicBalancing { Interval = interval });
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new DynamicBalancing { LongestInterval = interval });
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new DynamicBalancing { Overhead = share });
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new DynamicBalancing { LeastGain = -0.1 });
    }

    private static int[] RanksOf(Placement placement) => [.. Enumerable.Range(0, placement.Parts).Select(placement.RankOf)];

    private static MeasuredLoad Load(int[] rankOf, double[] seconds, double[] capabilities)
    {
        Placement placement = new(rankOf, capabilities.Length);
        double[] ranks = [.. capabilities.Select((_, rank) => placement.PartsOf(rank).Sum(part => seconds[part]))];
        return new(placement, 1, ranks, seconds, seconds, new long[seconds.Length], capabilities, 0, 0);
    }
}
