namespace SoraHpc.Jobs.Training;

/// <summary>Which table of features is learnt, by which model, and how. Whether samples are weighted, the file says.</summary>
public sealed record TableOptions : NetworkOptions
{
    /// <summary>An HDF5 file, as datasets/README.md describes it.</summary>
    public required string Data { get; init; }

    /// <summary>Whether the model is one dense block: softmax regression. Default: two, with 64 units between them.</summary>
    public bool IsLinear { get; init; }

    /// <summary>SVG file with loss and error by epoch; null for none.</summary>
    public string? Curve { get; init; }

    /// <summary>Folder for pictures and tables that explain the model; null for none.</summary>
    public string? Explain { get; init; }
}
