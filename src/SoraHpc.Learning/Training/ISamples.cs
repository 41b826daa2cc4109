using System.Numerics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.Training;

/// <summary>A data set to learn from or to be judged by, as one rank sees it: samples are asked for by their index in the whole, and a rank asks for its
/// own alone. Used by one thread.</summary>
public interface ISamples<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Samples of all ranks together.</summary>
    long Count { get; }

    /// <summary>Shape of a sample.</summary>
    Shape Shape { get; }

    /// <summary>Numbers a sample's target has: 1 for a class, else as many as are predicted; one more where samples are weighted.</summary>
    int Targets { get; }

    /// <summary>Reads samples; allocates nothing.</summary>
    /// <param name="indices">In the whole data set, each of this rank's own.</param>
    /// <param name="inputs">Samples × elements of <see cref="Shape"/>.</param>
    /// <param name="targets">Samples × <see cref="Targets"/>.</param>
    void Read(ReadOnlySpan<long> indices, Span<T> inputs, Span<T> targets);
}
