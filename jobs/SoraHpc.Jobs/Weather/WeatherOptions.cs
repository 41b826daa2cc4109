using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.Weather;

/// <summary>What a weather run computes. Either a case of the standard test set or a file to start from is given.</summary>
/// <remarks>A value out of its range throws <see cref="UsageException"/>.</remarks>
public sealed record WeatherOptions
{
    /// <summary>Case of the standard test set to start from at the model's own nodes: 1, 2, 5 or 6. Null: start from <see cref="DataFile"/>.</summary>
    public int? Case { get; init; }

    /// <summary>α between flow and equator in cases 1 and 2 [degrees]. Default: 45, over corners of the panels, in case 1; 0 in case 2.</summary>
    public double? Angle { get; init; }

    /// <summary>Latitude–longitude HDF5 or NetCDF-4 file to start from: one of `sora data weather`, or an analysis with z, u and v.</summary>
    public string? DataFile { get; init; }

    /// <summary>Value of the coordinate `level` to take where the file has that dimension. Default: 500 (hPa).</summary>
    public double Level { get; init; } = 500;

    /// <summary>Value of the coordinate `month` to take where the file has that dimension. Default: null, the first.</summary>
    public double? Month { get; init; }

    /// <summary>Hours of model time, ≥ 0. Default: null, as long as the paper says for a case, else 24.</summary>
    public double? Hours { get; init => field = value is null or >= 0 and < 1e6 ? value : throw Range("hours", value, "0 or more"); }

    /// <summary>Elements along each side of a panel, in [1, 4096]; one is 4 × 4 nodes. Default: 16, about 210 km between nodes.</summary>
    public int Elements { get; init => field = value is >= 1 and <= 4096 ? value : throw Range("elements", value, "from 1 to 4096"); } = 16;

    /// <summary>Longest time step [s], &gt; 0. Default: null, four fifths of the stability limit.</summary>
    public double? TimeStep { get; init => field = value is null or > 0 ? value : throw Range("time step", value, "more than 0 s"); }

    /// <summary>Hours to either side over which a start from an analysis is filtered, ≥ 0; 0: not at all. Default: 3.</summary>
    public double FilterHours { get; init => field = value is >= 0 and <= 48 ? value : throw Range("filter hours", value, "from 0 to 48"); } = 3;

    /// <summary>Columns of air that act on the flow. Null: none, the flow alone.</summary>
    public PhysicsOptions? Physics { get; init; }

    /// <summary>CF file to write, in parallel; replaced only by a run that succeeds. Null: none.</summary>
    public string? Output { get; init; }

    /// <summary>Model hours between the states written, &gt; 0; the first and last are always written. Default: 6.</summary>
    public double OutputEvery { get; init => field = value > 0 ? value : throw Range("hours between outputs", value, "more than 0"); } = 6;

    /// <summary>Rows of the output grid over the globe, ≥ 4; it has twice as many columns. Default: 180, one degree.</summary>
    public int OutputRows { get; init => field = value is >= 4 and <= 20000 ? value : throw Range("output rows", value, "from 4 to 20000"); } = 180;

    /// <summary>SVG map of the last state's height and wind to write. Null: none.</summary>
    public string? Picture { get; init; }

    /// <summary>How the elements are dealt to ranks; changes no number. Default: Cartesian blocks of the stacked panels.</summary>
    public IPartitioner Partition { get; init; } = new CartesianPartitioner();

    /// <summary>How shares follow capability; elements stay where they are. Default: equal shares.</summary>
    public IBalancer Balancing { get; init; } = new StaticBalancer();

    /// <summary>How ranks keep together. Default: globally, every 100 steps.</summary>
    public ISyncProtocol Sync { get; init; } = new GlobalSync(100);

    /// <summary>How many ranks take part. Default: all, to the end.</summary>
    public IElasticity Elasticity { get; init; } = new FixedSize();

    /// <summary>The case with its angle; null for a run from a file.</summary>
    /// <exception cref="UsageException">Neither or both of case and file are given, or there is no such case.</exception>
    internal WilliamsonCase? CreateCase()
    {
        if (Case is null == DataFile is null)
            throw new UsageException(Case is null
                ? "nothing to start from: give a case (1, 2, 5 or 6) or a data file"
                : "a case and a data file: give one of the two");
        if (Case is null && Angle is not null)
            throw new UsageException("an angle belongs to case 1 or 2: leave it out with a data file");
        return Case is { } number ? WilliamsonCase.Create(number, (Angle ?? (number == 1 ? 45 : 0)) * (Math.PI / 180)) : null;
    }

    private static UsageException Range(string what, double? value, string range) => new($"{what} {value} is out of range: it must be {range}");
}
