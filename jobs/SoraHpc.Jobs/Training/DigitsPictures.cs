using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>What came of learning digits, to look at. Local.</summary>
internal static class DigitsPictures
{
    private const int Shown = 32, WrongShown = 8, LookedAt = 600;

    /// <summary>Test images with what the model says: the first ones, and the first that it gets wrong.</summary>
    internal static void WriteGallery(string path, Network<float> network, SampleTable<float> images, Evaluation evaluation)
    {
        List<GalleryImage> right = [], wrong = [];
        float[] image = new float[images.Shape.Elements], label = new float[1];
        for (long index = images.First; index < images.First + Math.Min(LookedAt, images.Held); index++)
        {
            images.Read([index], image, label);
            int said = LossKernel.LargestOf(network.Forward(new Pass([index], isTraining: false), image));
            if (said == (int)label[0])
                right.Add(new([.. image], $"{said}"));
            else
                wrong.Add(new([.. image], $"{said}, is {(int)label[0]}", IsMarked: true));
        }
        GalleryImage[] shown = [.. right.Take(Shown - Math.Min(WrongShown, wrong.Count)), .. wrong.Take(WrongShown)];
        TextFile.Write(path, ImageGallery.Draw(shown, images.Shape[0], images.Shape[1], "Handwritten digits and what the model reads",
            FormattableString.Invariant($"{evaluation.Accuracy:P2} of {evaluation.Samples} test images are read rightly; the marked ones are not")), "picture");
    }
}
