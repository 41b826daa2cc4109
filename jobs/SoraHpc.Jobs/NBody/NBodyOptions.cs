using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.NBody;

/// <summary>What a run of bodies computes, and how. Units are those in which G = 1.</summary>
public sealed record NBodyOptions
{
    /// <summary>The bodies to make; of no effect where <see cref="DataFile"/> is given.</summary>
    public PlummerModel Model { get; init; } = new();

    /// <summary>HDF5 file with bodies, as <see cref="BodyFile"/> writes it; null: they are made.</summary>
    public string? DataFile { get; init; }

    /// <summary>HDF5 file to write; null for none. Replaced only by a run that succeeds.</summary>
    public string? Output { get; init; }

    /// <summary>Steps, ≥ 0. Default: 100.</summary>
    public int Steps { get; init => field = value >= 0 ? value : throw new UsageException($"{value} steps are none: give 0 or more"); } = 100;

    /// <summary>Δt, > 0. Default: 0.01; a Plummer sphere is crossed in 2.8.</summary>
    public double TimeStep { get; init => field = value > 0 && double.IsFinite(value) ? value : throw new UsageException(FormattableString.Invariant($"a time step of {value} leads nowhere: it must be > 0")); } = 0.01;

    /// <summary>Opening angle θ, in (0, 1]: a cell of side s whose centre of mass is off its middle by δ acts as a whole on what is farther
    /// from that centre than s / θ + δ. Default: 0.6.</summary>
    public double Theta { get; init => field = value is > 0 and <= 1 ? value : throw new UsageException(FormattableString.Invariant($"an opening angle of {value} is out of range: it must be in (0, 1]")); } = 0.6;

    /// <summary>Plummer softening ε, > 0: the potential of a mass m at distance r is −m/√(r² + ε²). Default: 0.02.</summary>
    public double Softening { get; init => field = value > 0 && double.IsFinite(value) ? value : throw new UsageException(FormattableString.Invariant($"a softening of {value} is out of range: it must be > 0, bodies may meet")); } = 0.02;

    /// <summary>How cells act. Default: with second moments.</summary>
    public Expansion Expansion { get; init; } = Expansion.Quadrupole;

    /// <summary>Most bodies in a leaf of the tree, in [1, 1024]. Changes the tree, and so the result within its accuracy. Default: 24.</summary>
    public int LeafBodies { get; init => field = value is >= 1 and <= 1024 ? value : throw new UsageException($"{value} bodies in a leaf are out of range: give 1 to 1024"); } = 24;

    /// <summary>Most bodies that share a walk through the tree and all it finds, in [1, 4096]; at least as many as a leaf has. More walk less and meet more
    /// bodies one by one. Changes the result within its accuracy. Default: 96.</summary>
    public int GroupBodies { get; init => field = value is >= 1 and <= 4096 ? value : throw new UsageException($"{value} bodies in a group are out of range: give 1 to 4096"); } = 96;

    /// <summary>What ranks get equal amounts of. Default: measured cost.</summary>
    public DealBy DealBy { get; init; } = DealBy.Cost;

    /// <summary>Bodies at the end whose acceleration is compared with the exact sum over all others, ≥ 0. Default: none.</summary>
    public int Samples { get; init => field = value >= 0 ? value : throw new UsageException($"{value} samples are none: give 0 or more"); }

    /// <summary>Capabilities of the ranks. Default: equal.</summary>
    public IBalancer Balancing { get; init; } = new StaticBalancer();

    /// <summary>How ranks keep together beyond what every step needs. Default: globally, every 100 steps.</summary>
    public ISyncProtocol Sync { get; init; } = new GlobalSync(100);
}
