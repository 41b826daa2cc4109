using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>A folder with digits in the files and under the names of the MNIST database, plain or packed.</summary>
public sealed class MnistFolder
{
    private const string TrainingSet = "train", TestSet = "t10k";

    private readonly byte[] images, labels;

    /// <param name="folder">Holds <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c>, <c>t10k-labels-idx1-ubyte</c>.</param>
    /// <param name="set">"train" or "t10k".</param>
    /// <exception cref="SoraException">A file is missing or is no such file, or images and labels do not go together.</exception>
    public MnistFolder(string folder, string set)
    {
        (int[] shape, images) = IdxFile.Read(ImagesOf(folder, set), 3);
        (int[] count, labels) = IdxFile.Read(LabelsOf(folder, set), 1);
        if (count[0] != shape[0])
            throw new SoraException($"{folder}, set {set}: {shape[0]} images and {count[0]} labels");
        (Count, Shape) = (shape[0], new(shape[1], shape[2], 1));
    }

    /// <summary>Writes digits that are made: a run that reads them gives the bits of one that makes them. Local.</summary>
    /// <param name="folder">Is made where there is none; files in it of the same names are replaced.</param>
    /// <param name="images">To learn from, ≥ 1.</param>
    /// <param name="testImages">To be judged by, ≥ 1.</param>
    /// <exception cref="SoraException">It cannot be written.</exception>
    public static void Write(string folder, int images, int testImages)
    {
        try
        {
            Directory.CreateDirectory(folder);
            Write(folder, TrainingSet, DigitImages.Make(0, images, images, DigitImages.TrainingSet));
            Write(folder, TestSet, DigitImages.Make(0, testImages, testImages, DigitImages.TestSet));
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new SoraException($"{folder}: the images cannot be written: {reason.Message}", reason);
        }
    }

    /// <summary>Images.</summary>
    public int Count { get; }

    /// <summary>Rows × columns × 1.</summary>
    public Shape Shape { get; }

    /// <summary>Images [begin, end) and their digits, brightness from 0 to 1.</summary>
    public SampleTable<float> Samples(long begin, long end) => new(Shape,
        [.. images.AsSpan((int)begin * Shape.Elements, (int)(end - begin) * Shape.Elements).ToArray().Select(pixel => pixel / 255f)],
        [.. labels.AsSpan((int)begin, (int)(end - begin)).ToArray().Select(label => (float)label)], begin, Count);

    private static void Write(string folder, string set, SampleTable<float> made)
    {
        byte[] pixels = new byte[made.Held * made.Shape.Elements], digits = new byte[made.Held];
        float[] image = new float[made.Shape.Elements], digit = new float[1];
        for (int i = 0; i < made.Held; i++)
        {
            made.Read([i], image, digit);
            for (int j = 0; j < image.Length; j++)
                pixels[i * image.Length + j] = (byte)MathF.Round(255 * image[j]);
            digits[i] = (byte)digit[0];
        }
        IdxFile.Write(ImagesOf(folder, set), [made.Held, made.Shape[0], made.Shape[1]], pixels);
        IdxFile.Write(LabelsOf(folder, set), [made.Held], digits);
    }

    private static string ImagesOf(string folder, string set) => Path.Combine(folder, $"{set}-images-idx3-ubyte");

    private static string LabelsOf(string folder, string set) => Path.Combine(folder, $"{set}-labels-idx1-ubyte");
}
