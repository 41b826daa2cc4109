namespace SoraHpc.Jobs.Heat;

/// <summary>What a heat run computes.</summary>
public sealed record HeatOptions
{
    /// <summary>HDF5 file with the starting temperature.</summary>
    public required string DataFile { get; init; }

    /// <summary>Dataset of shape (rows, columns) in it.</summary>
    public string Dataset { get; init; } = "temperature";

    /// <summary>HDF5 file to write; replaced only by a run that succeeds.</summary>
    public required string Output { get; init; }

    /// <summary>Explicit steps, ≥ 0.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>α·Δt/Δx², dimensionless; stable up to ¼.</summary>
    public double DiffusionNumber { get; init; } = 0.25;
}
