using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Compression;

/// <summary>How one weight is coded: steps of two ladders, each smaller than the one before.</summary>
/// <param name="Pruned">Step on the ladder of shares that become 0.</param>
/// <param name="Shared">Step on the ladder of values that the others share; the first is eight bits with a scale for every unit.</param>
internal readonly record struct CompressionChoice(int Pruned, int Shared)
{
    internal static ReadOnlySpan<double> Shares => [0, 0.2, 0.35, 0.5, 0.6, 0.7, 0.77, 0.83, 0.88, 0.92, 0.95, 0.97];

    private static ReadOnlySpan<int> Centres => [0, 32, 16, 12, 8, 6, 4, 3, 2];

    /// <summary>One step more pruned; null at the end.</summary>
    internal CompressionChoice? MorePruned => Pruned + 1 < Shares.Length ? this with { Pruned = Pruned + 1 } : null;

    /// <summary>One step fewer values; null at the end.</summary>
    internal CompressionChoice? FewerShared => Shared + 1 < Centres.Length ? this with { Shared = Shared + 1 } : null;

    internal CodedTensor Code(ReadOnlySpan<float> weights, int columns) =>
        Shared == 0 ? Quantisation.Of(Pruning.Apply(weights, Shares[Pruned]), columns) : Clustering.Of(weights, Shares[Pruned], Centres[Shared]);
}
