using SoraHpc.Decomposition;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.Training;

/// <summary>Which table of features is learnt, by which model, and how.</summary>
public sealed record TableOptions
{
    private const int Units = 64;

    /// <summary>An HDF5 file, as datasets/README.md describes it.</summary>
    public required string Data { get; init; }

    /// <summary>Whether the model is one dense block: softmax regression. Default: two, with 64 units between them.</summary>
    public bool IsLinear { get; init; }

    /// <summary>How it is trained. Whether samples are weighted, the file says.</summary>
    public TrainingOptions Training { get; init; } = new() { Epochs = 8, Rate = new() { Base = 2e-3, Schedule = RateSchedule.Cosine, WarmUp = 0.05 } };

    /// <summary>The library of dense algebra, as <see cref="LinearAlgebra.BlasOptions.Library"/>. Default: auto, as rank 0 finds it.</summary>
    public string Library { get; init; } = "auto";

    /// <summary>HDF5 file for the trained model; null for none.</summary>
    public string? Output { get; init; }

    /// <summary>SVG file with loss and error by epoch; null for none.</summary>
    public string? Curve { get; init; }

    /// <summary>Folder for pictures and tables that explain the model; null for none.</summary>
    public string? Explain { get; init; }

    /// <summary>How strata are cut. Default: slabs.</summary>
    public IPartitioner Partition { get; init; } = new SlabPartitioner();

    /// <summary>How shares follow capability. Default: equal shares, cut once.</summary>
    public IBalancer Balancing { get; init; } = new StaticBalancer();

    /// <summary>How ranks keep together. Default: globally, every 100 steps.</summary>
    public ISyncProtocol Sync { get; init; } = new GlobalSync(100);

    /// <summary>The model for rows of a length, and a number of classes.</summary>
    public Model ModelFor(Shape row, int classes) => IsLinear ? new(row, new Dense(classes)) : new(row, new Dense(Units), new Activation(ActivationFunction.Relu), new Dense(classes));
}
