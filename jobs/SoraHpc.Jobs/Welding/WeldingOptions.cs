using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.Welding;

/// <summary>What a welding run computes, and how.</summary>
public sealed record WeldingOptions
{
    /// <summary>HDF5 file with the starting temperature.</summary>
    public required string DataFile { get; init; }

    /// <summary>Dataset of shape (rows, columns) in it [K above the edge, which is at 300 K].</summary>
    public string Dataset { get; init; } = "temperature";

    /// <summary>HDF5 file to write; replaced only by a run that succeeds.</summary>
    public required string Output { get; init; }

    /// <summary>Steps, ≥ 0. Default: 500.</summary>
    public int Steps { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Steps)); } = 500;

    /// <summary>α·Δt/Δx², dimensionless, in (0, 0.2]: stable together with the loss of heat. Default: 0.2.</summary>
    public double DiffusionNumber { get; init; } = 0.2;

    /// <summary>The beam.</summary>
    public Laser Laser { get; init; } = new();

    /// <summary>How the plate is cut. Default: 16 blocks a rank along a Hilbert curve, which can be moved.</summary>
    public IPartitioner Partition { get; init; } = new SpaceFillingCurvePartitioner(16) { Merges = false };

    /// <summary>How shares follow capability. Default: equal shares, cut once.</summary>
    public IBalancer Balancing { get; init; } = new StaticBalancer();

    /// <summary>How ranks keep together. Default: globally, every 100 steps.</summary>
    public ISyncProtocol Sync { get; init; } = new GlobalSync(100);

    /// <summary>How many ranks take part. Default: all, to the end.</summary>
    public IElasticity Elasticity { get; init; } = new FixedSize();

    /// <summary>A rank that computes everything <see cref="SlowFactor"/> times, as a slower processor would take; −1 for none. Default: −1.</summary>
    public int SlowRank { get; init; } = -1;

    /// <summary>Times that rank does, ≥ 1. Default: 4.</summary>
    public int SlowFactor { get; init => field = value >= 1 ? value : throw new UsageException($"a factor of {value} is no slowing down: give 1 or more"); } = 4;
}
