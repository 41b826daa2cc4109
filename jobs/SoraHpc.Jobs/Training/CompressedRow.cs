using SoraHpc.Learning.Compression;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Jobs.Training;

/// <summary>One way to make a network small, and what it came to.</summary>
/// <param name="Name">Of the method.</param>
/// <param name="Code">What is kept; null: the numbers as they are.</param>
/// <param name="Network">What computes it in single precision.</param>
/// <param name="Bytes">Of the network's numbers.</param>
internal sealed record CompressedRow(string Name, CompressedModel? Code, Network<float> Network, long Bytes) : IDisposable
{
    /// <summary>What computes it in bytes, or null.</summary>
    internal QuantisedNetwork? Quantised { get; init; }

    /// <summary>Share read rightly of the images that the search looked at, and of the others.</summary>
    internal double Validation { get; set; }

    /// <inheritdoc cref="Validation"/>
    internal double Test { get; set; }

    /// <summary>Of the file [B].</summary>
    internal long FileBytes { get; set; }

    /// <summary>Seconds an image takes, in micro-batches and alone.</summary>
    internal double Seconds { get; set; } = double.PositiveInfinity;

    /// <inheritdoc cref="Seconds"/>
    internal double SecondsAlone { get; set; } = double.PositiveInfinity;

    internal ClassifierAccuracy.Forward Forward => Quantised is { } bytes ? bytes.Forward : Network.Forward;

    /// <summary>Numbers as they are.</summary>
    internal static CompressedRow Of(string name, Network<float> network) => new(name, null, network, 4L * network.Values.Length);

    /// <summary>A code, computed in single precision.</summary>
    internal static CompressedRow Of(string name, CompressedModel code, MatrixProducts<float> products, int capacity) => new(name, code, code.Expand(products, capacity), code.Bytes);

    public void Dispose()
    {
        Quantised?.Dispose();
        Network.Dispose();
    }
}
