using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Training;

/// <summary>Recognition of handwritten digits: made ones, or those of the MNIST database. The same bits on any number of ranks.</summary>
public sealed class DigitsJob
{
    private readonly DigitsOptions options;
    private readonly MnistFolder? training, test;
    private readonly ExplanationFiles? explanations;
    private readonly ClassifierRun run;
    private SampleTable<float> learnt = null!, judged = null!;
    private int firstStratum, endStratum;
    private string table = "";

    private DigitsJob(Communicator world, DigitsOptions options)
    {
        this.options = options;
        if (options.Data != DigitsOptions.Made)
            (training, test) = (new(options.Data, "train"), new(options.Data, "t10k"));
        explanations = ExplanationFiles.At(options.Explain, world);
        run = new(world, options) { Data = DataName, WorkUnit = "images", Load = Load, Finish = Finish };
    }

    /// <summary>The whole job on every rank of a world; losses and accuracies are among the observables of the result. Collective.</summary>
    /// <exception cref="SoraException">Files that cannot be read or written, or training that diverges.</exception>
    public static RunResult Run(Communicator world, DigitsOptions options, SoraOptions? soraOptions = null)
    {
        DigitsJob digits = new(world, options);
        RunResult result = digits.run.Train(options.ModelFor(digits.training?.Shape ?? DigitImages.Shape), soraOptions);
        return result with { Table = digits.table };
    }

    private string DataName => training is null ? $"{options.Images} made images, {options.TestImages} to be judged by"
        : $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(options.Data))}: {training.Count} images, {test!.Count} to be judged by";

    private (ISamples<float>, ISamples<float>) Load(Communicator communicator, int firstStratum, int endStratum)
    {
        long count = training?.Count ?? options.Images, testCount = test?.Count ?? options.TestImages;
        (long begin, long end) = Range(count, firstStratum, endStratum);
        (long testBegin, long testEnd) = Range(testCount, firstStratum, endStratum);
        (this.firstStratum, this.endStratum) = (firstStratum, endStratum);
        judged = Judged(testBegin, testEnd, testCount);
        learnt = training?.Samples(begin, end) ?? DigitImages.Make(begin, end, count, DigitImages.TrainingSet);
        return (learnt, judged);
    }

    private SampleTable<float> Judged(long begin, long end, long count) => test?.Samples(begin, end) ?? DigitImages.Make(begin, end, count, DigitImages.TestSet);

    // This rank's strata of images [from, from + count) of those to be judged by, as a data set of their own.
    private SampleTable<float> PartOfJudged(long from, long count)
    {
        (long begin, long end) = Range(count, firstStratum, endStratum);
        SampleTable<float> part = Judged(from + begin, from + end, test?.Count ?? options.TestImages);
        float[] images = new float[(end - begin) * part.Shape.Elements], digits = new float[end - begin];
        part.Read([.. Enumerable.Range(0, (int)(end - begin)).Select(i => from + begin + i)], images, digits);
        return new(part.Shape, images, digits, begin, count);
    }

    private (long, long) Range(long count, int firstStratum, int endStratum)
    {
        Strata strata = new(count, options.Training.Strata, options.Training.MicroBatch);
        return (strata.Begin(firstStratum), strata.Begin(endStratum));
    }

    private void Finish(Communicator communicator, Trainer<float> trainer, Evaluation validation)
    {
        if (communicator.IsRoot)
            Leave(trainer, validation);
        if (options.Budget is not null)
            Compress(communicator, trainer);
        if (explanations is not null)
            DigitsExplanation.Write(explanations, trainer, new(communicator, judged, options.Training.Strata, firstStratum, endStratum), DataName);
    }

    private void Leave(Trainer<float> trainer, Evaluation validation)
    {
        if (options.Picture is not null)
            DigitsPictures.WriteGallery(options.Picture, trainer.Network, judged, validation);
        if (options.Curve is not null)
            TrainingCurve.Write(options.Curve, trainer, "Learning to read digits");
    }

    // The search looks at one half of the images to be judged by; what is reported is of the other.
    private void Compress(Communicator communicator, Trainer<float> trainer)
    {
        long half = (test?.Count ?? options.TestImages) / 2, rest = (test?.Count ?? options.TestImages) - half;
        DigitsCompression compression = new(communicator, trainer, learnt, PartOfJudged(0, half), PartOfJudged(half, rest), (firstStratum, endStratum), run.Products, options);
        compression.Run();
        table = compression.Table;
        foreach ((string name, double value) in compression.Found)
            run.Found[name] = value;
    }
}
