using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.Finance;

/// <summary>Which risk is computed, and how.</summary>
public sealed record FinanceOptions
{
    /// <summary>Trading days of a year.</summary>
    public const double DaysPerYear = 252;

    // With fewer scenarios beyond the level the normal law of their number, which the confidence interval rests on, is far off.
    private const int LeastBeyond = 10;

    /// <summary>HDF5 file with the portfolio, as <see cref="PortfolioFile"/> reads it.</summary>
    public required string DataFile { get; init; }

    /// <summary>Scenarios, ≥ 1. Default: a million.</summary>
    public int Scenarios { get; init => field = value >= 1 ? value : throw new UsageException($"{value} scenarios: give 1 or more"); } = 1_000_000;

    /// <summary>Trading days ahead, > 0. Default: 10.</summary>
    public double Days
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new UsageException($"a horizon of {value} days is none: give more than 0");
    } = 10;

    /// <summary>Probability that the loss stays below the value at risk, in (0, 1). Default: 0.99.</summary>
    public double Level { get; init => field = value is > 0 and < 1 ? value : throw new UsageException($"a level of {value} is no probability between 0 and 1"); } = 0.99;

    /// <summary>Which random numbers. Default: 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How prices follow from random numbers. Default: lognormal.</summary>
    public ReturnModel Returns { get; init; }

    /// <summary>HDF5 file to write every scenario's loss to; null for none. Replaced only by a run that succeeds.</summary>
    public string? Output { get; init; }

    /// <summary>SVG file to draw the losses' distribution into; null for none.</summary>
    public string? Picture { get; init; }

    /// <summary>Steps the scenarios are computed in, ≥ 1: between them progress is shown, ranks meet and blocks may move. Default: 20.</summary>
    public int Steps { get; init => field = value >= 1 ? value : throw new UsageException($"{value} steps: give 1 or more"); } = 20;

    /// <summary>How the scenarios are cut. Default: slabs.</summary>
    public IPartitioner Partition { get; init; } = new SlabPartitioner();

    /// <summary>How shares follow capability. Default: equal shares, cut once.</summary>
    public IBalancer Balancing { get; init; } = new StaticBalancer();

    /// <summary>How ranks keep together. Default: globally, every 100 steps.</summary>
    public ISyncProtocol Sync { get; init; } = new GlobalSync(100);

    /// <summary>The horizon [years].</summary>
    internal double Horizon => Days / DaysPerYear;

    /// <exception cref="UsageException">Too few scenarios on either side of the level to say anything about it.</exception>
    public void CheckScenarios()
    {
        double beyond = Math.Min(Level, 1 - Level) * Scenarios;
        if (beyond < LeastBeyond - 1e-6)
            throw new UsageException(FormattableString.Invariant(
                $"{Scenarios} scenarios leave {beyond:0.#} beyond the level {Level}: take {Math.Ceiling(LeastBeyond / Math.Min(Level, 1 - Level)):0} scenarios or more"));
    }
}
