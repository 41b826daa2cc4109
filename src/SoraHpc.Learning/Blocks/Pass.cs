namespace SoraHpc.Learning.Blocks;

/// <summary>What layers know of the micro-batch that passes through them.</summary>
/// <param name="indices">Each sample's index in the whole data set, the same however many ranks there are: what is random depends on it.</param>
/// <param name="isTraining">Whether it is for training: dropout drops, normalisation uses the micro-batch's own statistics.</param>
/// <param name="epoch">Which random numbers of a sample.</param>
public readonly ref struct Pass(ReadOnlySpan<long> indices, bool isTraining, int epoch = 0)
{
    /// <summary>Each sample's index in the whole data set.</summary>
    public ReadOnlySpan<long> Indices { get; } = indices;

    /// <summary>Whether it is for training.</summary>
    public bool IsTraining { get; } = isTraining;

    /// <summary>How often the data set has been gone through.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>Samples in the micro-batch.</summary>
    public int Samples => Indices.Length;
}
