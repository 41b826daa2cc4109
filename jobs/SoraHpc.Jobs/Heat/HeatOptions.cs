using SoraHpc.Decomposition;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.Heat;

/// <summary>What a heat run computes, and how.</summary>
public sealed record HeatOptions
{
    /// <summary>HDF5 file with the starting temperature.</summary>
    public required string DataFile { get; init; }

    /// <summary>Dataset of shape (rows, columns) in it [K above the edge].</summary>
    public string Dataset { get; init; } = "temperature";

    /// <summary>HDF5 file to write; replaced only by a run that succeeds.</summary>
    public required string Output { get; init; }

    /// <summary>Explicit steps, ≥ 0. Default: 1000.</summary>
    public int Steps { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Steps)); } = 1000;

    /// <summary>α·Δt/Δx², dimensionless; stable in (0, ¼]. Default: ¼.</summary>
    public double DiffusionNumber { get; init; } = 0.25;

    /// <summary>How the plate is cut. Default: Cartesian blocks.</summary>
    public IPartitioner Partition { get; init; } = new CartesianPartitioner();

    /// <summary>How shares follow capability. Default: equal shares, cut once.</summary>
    public IBalancer Balancing { get; init; } = new StaticBalancer();

    /// <summary>How ranks keep together. Default: globally, every 100 steps.</summary>
    public ISyncProtocol Sync { get; init; } = new GlobalSync(100);

    /// <summary>How many ranks take part. Default: all, to the end.</summary>
    public IElasticity Elasticity { get; init; } = new FixedSize();
}
