using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Explanations;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>Why a model reads an image as it does.</summary>
internal static class DigitsExplanation
{
    // Of the first images to be judged by, one of each class and some that are read wrongly.
    private const int LookedAt = 200, Wrong = 5, Edge = 4, Repeats = 3, Points = 128;

    /// <summary>All files. Collective.</summary>
    internal static void Write(ExplanationFiles files, Trainer<float> trainer, SampleShare<float> judged, string data)
    {
        Network<float> network = trainer.Network;
        string[] classes = [.. Enumerable.Range(0, network.Model.Output.Elements).Select(digit => $"{digit}")];
        Shape shape = judged.Samples.Shape;
        files.Curve(trainer.History, $"{data}; {network.Model.ParameterCount} parameters");
        files.Confusion(ConfusionMatrix.Of(judged, network), classes, $"{judged.Samples.Count} test images");
        files.Importance(PermutationImportance.Measure(judged, FeatureGroup.Squares(shape[0], shape[1], shape[2], Edge), trainer.Evaluate, Repeats),
            $"squares of {Edge} × {Edge} pixels of {judged.Samples.Count} test images, {Repeats} permutations each");
        WriteSaliency(files, network, judged);
        if (network.Model.Blocks.Blocks is [Flatten, Dense])
            WriteWeights(files, network, shape, classes);
    }

    private static void WriteSaliency(ExplanationFiles files, Network<float> network, SampleShare<float> judged)
    {
        Shape shape = judged.Samples.Shape;
        int count = (int)Math.Min(LookedAt, judged.Samples.Count);
        (float[] inputs, float[] targets) = judged.Gather([.. Enumerable.Range(0, count).Select(i => (long)i)]);
        InputAttribution<float> why = new(network, new float[shape.Elements], Points);
        List<(GalleryImage, double[], double[])> right = [], wrong = [];
        HashSet<int> seen = [];
        for (int i = 0; i < count; i++)
        {
            float[] image = inputs.AsSpan(i * shape.Elements, shape.Elements).ToArray();
            int label = (int)targets[i * judged.Samples.Targets], said = LossKernel.LargestOf(network.Forward(new Pass([i], isTraining: false), image));
            bool isShown = said == label ? seen.Add(label) : wrong.Count < Wrong;
            if (!isShown)
                continue;
            Attribution found = why.IntegratedGradients(image, said);
            GalleryImage picture = new([.. image.Chunk(shape[2]).Select(pixel => pixel.Max())], said == label ? $"{said}" : $"{said}, is {label}", said != label);
            (said == label ? right : wrong).Add((picture, found.Of, [found.Base, found.Prediction, found.Gap]));
        }
        files.Images("saliency", shape, [.. right.OrderBy(each => each.Item1.Caption, StringComparer.Ordinal), .. wrong], ["base", "prediction", "gap"], "Why the model reads what it reads",
            "integrated gradients from an empty image, of the logit of what is read", "against, and for what is read; shares of the largest");
    }

    // A linear model's coefficients are pictures of what it looks for.
    private static void WriteWeights(ExplanationFiles files, Network<float> network, Shape shape, string[] classes)
    {
        float[] weights = network.Parameters[0].Values.ToArray(), bias = network.Parameters[1].Values.ToArray(), empty = new float[shape[0] * shape[1]];
        files.Images("coefficients", shape, [.. classes.Select((name, digit) => (new GalleryImage(empty, name),
            (double[])[.. Enumerable.Range(0, shape.Elements).Select(pixel => (double)weights[pixel * classes.Length + digit])], (double[])[bias[digit]]))], ["intercept"],
            "What softmax regression looks for", "coefficient of every pixel for every digit; no standard errors: the fit was not taken to its end", "against, and for the digit; shares of the largest");
    }
}
