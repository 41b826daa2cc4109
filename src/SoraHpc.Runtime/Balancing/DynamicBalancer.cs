using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Balancing;

/// <summary>
/// Parts follow what they cost: every few steps all parts are measured, the chain of parts is cut anew for the ranks' measured
/// capabilities, and the parts whose rank changes move, when what that saves outweighs what it costs (<see cref="MoveEstimate"/>). Needs
/// several parts a rank, numbered so that neighbours in number are neighbours in the grid: <see cref="SpaceFillingCurvePartitioner"/>
/// with <c>Merges</c> off and 4 to 16 pieces a rank.
/// </summary>
/// <param name="options">When to look and to move; null for the defaults.</param>
/// <param name="start">How the first cut is made; null for equal ranks.</param>
public sealed class DynamicBalancer(DynamicBalancing? options = null, IBalancer? start = null) : IBalancer
{
    // Assumed until a move has been measured.
    private const double FirstBytesPerSecond = 1e9;

    // How much longer than with the best cut the slowest rank may take, from a new cut to small shifts of the old one.
    private static readonly double[] Slacks = [0, 0.02, 0.05, 0.1, 0.2];

    private readonly DynamicBalancing options = options ?? new();
    private readonly IBalancer start = start ?? new StaticBalancer();

    /// <inheritdoc/>
    public double[] Capabilities(Communicator world, IJob job) => start.Capabilities(world, job);

    /// <inheritdoc/>
    public double? GivenCapability(int rank) => null;

    /// <inheritdoc/>
    public bool MovesParts => true;

    /// <inheritdoc/>
    public Placement? Rebalance(BalancePoint point)
    {
        Check(point.Division);
        bool warm = point.Load is not null;             // the first measurement has the compiling of the job's code in it
        MeasuredLoad load = point.Measure();
        long lastMove = point.Migrations.Count > 0 ? point.Migrations[^1].Step : 0;
        Placement? better = !warm || load.RankSeconds.Count == 1 ? null
            : Decide(load, MoveEstimate.Horizon(point.StepsLeft, point.Step - lastMove), Speed(point.Migrations));
        // Nothing to do: half as often. The last interval is the number of steps that were measured.
        long interval = better is null && warm ? Math.Min(2 * load.Steps, Math.Max(options.Interval, options.LongestInterval)) : options.Interval;
        point.NextLook = point.Step + Math.Max(interval, (long)Math.Min(1e9, load.MeasureSeconds / (options.Overhead * load.Slowest)));
        return better;
    }

    /// <summary>The placement with most profit over so many steps; null when none has any.</summary>
    internal Placement? Decide(MeasuredLoad load, double steps, double bytesPerSecond)
    {
        double best = 0;
        Placement? better = null;
        foreach (Placement candidate in Candidates(load))
        {
            MoveEstimate estimate = Estimate(load, candidate, bytesPerSecond);
            if (estimate.Gain >= options.LeastGain * estimate.Now && estimate.Profit(steps) > best)
                (best, better) = (estimate.Profit(steps), candidate);
        }
        return better;
    }

    /// <summary>What going over to another placement brings and costs, by what was measured.</summary>
    internal static MoveEstimate Estimate(MeasuredLoad load, Placement candidate, double bytesPerSecond)
    {
        long[] through = new long[candidate.Ranks];
        for (int part = 0; part < candidate.Parts; part++)
            if (load.Placement.RankOf(part) != candidate.RankOf(part))
            {
                through[load.Placement.RankOf(part)] += load.PartBytes[part];
                through[candidate.RankOf(part)] += load.PartBytes[part];
            }
        return new(load.Slowest, load.Predict(candidate).Max(), through.Max(), bytesPerSecond, load.PlanSeconds);
    }

    /// <summary>New cuts of the chain of parts, from the best one to those that move least.</summary>
    internal static IEnumerable<Placement> Candidates(MeasuredLoad load)
    {
        double[] weights = new double[load.PartSeconds.Count], capabilities = [.. load.Capabilities];
        for (int part = 0; part < weights.Length; part++)
            weights[part] = load.PartSeconds[part] * capabilities[load.Placement.RankOf(part)];
        double least = 1e-9 * weights.Sum() + double.Epsilon;           // a part that took no time may go anywhere
        for (int part = 0; part < weights.Length; part++)
            weights[part] = Math.Max(weights[part], least);
        if (CutsOf(load.Placement) is not { } current)
            return [Along(ContiguousCut.Optimal(weights, capabilities))];
        return Slacks.Select(slack => Along(ContiguousCut.Nearest(weights, capabilities, current, slack)));
    }

    // Where the ranks' shares begin along the chain; null when they are not contiguous and in the ranks' order.
    private static int[]? CutsOf(Placement placement)
    {
        int[] cuts = new int[placement.Ranks + 1];
        for (int part = 1; part < placement.Parts; part++)
            if (placement.RankOf(part) < placement.RankOf(part - 1))
                return null;
        for (int rank = 0, part = 0; rank < placement.Ranks; rank++)
        {
            while (part < placement.Parts && placement.RankOf(part) == rank)
                part++;
            cuts[rank + 1] = part;
        }
        return cuts;
    }

    private static Placement Along(int[] cuts)
    {
        int[] rankOf = new int[cuts[^1]];
        for (int rank = 0; rank + 1 < cuts.Length; rank++)
            rankOf.AsSpan(cuts[rank]..cuts[rank + 1]).Fill(rank);
        return new(rankOf, cuts.Length - 1);
    }

    private static double Speed(IReadOnlyList<Migration> migrations)
    {
        double seconds = migrations.Sum(migration => migration.MoveSeconds);
        return seconds > 0 ? migrations.Sum(migration => migration.MostBytes) / seconds : FirstBytesPerSecond;
    }

    private static void Check(Division division)
    {
        (int parts, int ranks) = (division.Partition.Parts, division.Placement.Ranks);
        if (ranks > 1 && parts < 2 * ranks)
            throw new UsageException($"dynamic balancing moves blocks, but {ranks} ranks have only {parts}: cut 4 to 16 a rank along a Hilbert curve, or use a larger grid");
    }

    /// <inheritdoc/>
    public override string ToString() => $"dynamic, first {start}";
}
