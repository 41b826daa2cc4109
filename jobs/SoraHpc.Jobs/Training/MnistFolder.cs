using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>A folder with digits in the files and under the names of the MNIST database, plain or packed.</summary>
public sealed class MnistFolder
{
    private readonly byte[] images, labels;

    /// <param name="folder">Holds <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c>, <c>t10k-labels-idx1-ubyte</c>.</param>
    /// <param name="set">"train" or "t10k".</param>
    /// <exception cref="SoraException">A file is missing or is no such file, or images and labels do not go together.</exception>
    public MnistFolder(string folder, string set)
    {
        (int[] shape, images) = IdxFile.Read(Path.Combine(folder, $"{set}-images-idx3-ubyte"), 3);
        (int[] count, labels) = IdxFile.Read(Path.Combine(folder, $"{set}-labels-idx1-ubyte"), 1);
        if (count[0] != shape[0])
            throw new SoraException($"{folder}, set {set}: {shape[0]} images and {count[0]} labels");
        (Count, Shape) = (shape[0], new(shape[1], shape[2], 1));
    }

    /// <summary>Images.</summary>
    public int Count { get; }

    /// <summary>Rows × columns × 1.</summary>
    public Shape Shape { get; }

    /// <summary>Images [begin, end) and their digits, brightness from 0 to 1.</summary>
    public SampleTable<float> Samples(long begin, long end) => new(Shape,
        [.. images.AsSpan((int)begin * Shape.Elements, (int)(end - begin) * Shape.Elements).ToArray().Select(pixel => pixel / 255f)],
        [.. labels.AsSpan((int)begin, (int)(end - begin)).ToArray().Select(label => (float)label)], begin, Count);
}
