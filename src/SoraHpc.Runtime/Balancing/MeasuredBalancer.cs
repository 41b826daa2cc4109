using System.Diagnostics;
using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Balancing;

/// <summary>The partition is cut once, in proportion to what every rank's kernel did in a short trial: the median of three, all ranks at once.</summary>
public sealed class MeasuredBalancer : IBalancer
{
    private const int Trials = 3;
    private static readonly TimeSpan Trial = TimeSpan.FromMilliseconds(20);

    private double[] measured = [];

    /// <inheritdoc/>
    /// <exception cref="UsageException">The job has no kernel to try.</exception>
    public double[] Capabilities(Communicator world, IJob job)
    {
        if (job is not IProbedJob probed)
            throw new UsageException($"{job.Name} has no kernel to try before the grid is cut: give capabilities, or take a static balancer");
        probed.Probe();                                 // compiled now, not in the first trial
        double[] trials = new double[Trials];
        for (int trial = 0; trial < Trials; trial++)
        {
            world.Barrier();                            // ranks that share caches and memory must do so while they are measured
            trials[trial] = WorkPerSecond(probed);
        }
        double median = Median(trials);
        if (!(median > 0 && double.IsFinite(median)))
            throw new SoraException($"{job.Name} reports no work for its trial: Probe must return what it did, > 0");
        return measured = world.Allgather(median);
    }

    /// <inheritdoc/>
    public double? GivenCapability(int rank) => null;

    /// <inheritdoc/>
    public bool MovesParts => false;

    /// <inheritdoc/>
    public Placement? Rebalance(BalancePoint point) => null;

    internal static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static double WorkPerSecond(IProbedJob job)
    {
        long begun = Stopwatch.GetTimestamp();
        double work = 0;
        TimeSpan elapsed;
        do
        {
            work += job.Probe();
            elapsed = Stopwatch.GetElapsedTime(begun);
        }
        while (elapsed < Trial);
        return work / elapsed.TotalSeconds;
    }

    /// <inheritdoc/>
    public override string ToString() => measured.Length == 0 ? "measured capabilities"
        : $"measured capabilities {string.Join(" : ", measured.Select(speed => (speed / measured.Max()).ToString("0.00", CultureInfo.InvariantCulture)))}";
}
