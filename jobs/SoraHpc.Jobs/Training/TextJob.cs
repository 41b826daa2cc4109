using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.SubModels;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Training;

/// <summary>Classification of texts by sub-models over their halves, in parallel, in series, as a hybrid and with shared parameters: accuracy, parameters and what
/// each sub-model contributes. The same bits on any number of ranks.</summary>
public sealed class TextJob
{
    // Samples that stand for what a model usually sees, and samples whose predictions are explained: the first ones to be judged by.
    private const int Background = 256, Explained = 256;

    private readonly Communicator world;
    private readonly TextOptions options;
    private readonly TextSet texts;
    private readonly HashingTokeniser tokeniser;
    private readonly MatrixProducts<float> products;
    private readonly Dictionary<string, double> found = [];
    private readonly List<(string Name, double Length)> bars = [];
    private long steps;

    private TextJob(Communicator world, TextOptions options, MatrixProducts<float> products)
    {
        (this.world, this.options, this.products) = (world, options, products);
        texts = options.Data == TextOptions.Made ? TextSet.Made(options.Texts, options.TestTexts) : TextSet.Of(options.Data);
        tokeniser = new(options.Vocabulary, options.Words);
    }

    /// <summary>The whole job on every rank of a world; the table is among the observables of the result. Collective.</summary>
    /// <exception cref="SoraException">Texts that cannot be read, or training that diverges.</exception>
    /// <exception cref="UsageException">More ranks than strata, or checkpoints, which are for the digits.</exception>
    public static RunResult Run(Communicator world, TextOptions options, SoraOptions? soraOptions = null)
    {
        if (soraOptions?.Checkpoints is not null)
            throw new UsageException("several models are trained one after the other: no checkpoints are written of texts; leave --checkpoint away");
        _ = new TrainingSource(options.Training.Strata).Open(world);
        BlasLibrary library = SameLibrary.Load(world, options.Library);
        long begun = Stopwatch.GetTimestamp();
        TextJob job = new(world, options, MatrixProducts<float>.Of(library));
        foreach ((string name, Model model) in TextModels.All(options.Words, options.Vocabulary, job.texts.Labels.Count))
            job.Learn(name, model);
        if (world.IsRoot && options.Picture is { } picture)
            TrainingPictures.Write(picture, BarChart.Draw(job.bars, "What sub-models contribute", $"{job.texts.Name}; Shapley values over sub-models, in their absolute size",
                "mean contribution to the logit of the right label"));
        RankReport[] reports = [.. Enumerable.Range(0, world.IsRoot ? world.Size : 0).Select(rank => new RankReport(rank, 0, 0, 0, 0, 0, 0, double.NaN))];
        return new("training", $"{job.texts.Name}; {job.texts.Labels.Count} labels; batches of {options.Training.Batch}; {library.Name}", job.steps,
            Stopwatch.GetElapsedTime(begun).TotalSeconds, job.found, reports);
    }

    private void Learn(string name, Model model)
    {
        (long begin, long end) = Own(texts.Count);
        (long judgedBegin, long judgedEnd) = Own(texts.JudgedCount);
        SampleTable<float> training = texts.Training(tokeniser, begin, end), judged = texts.Judged(tokeniser, judgedBegin, judgedEnd);
        using Trainer<float> trainer = new(world, model, training, options.Training, products);
        while (!trainer.IsDone)
            trainer.TakeStep();
        steps += trainer.Step;
        found[$"{name}: test accuracy"] = trainer.Evaluate(judged).Accuracy;
        found[$"{name}: parameters"] = model.ParameterCount;
        Explain(name, trainer.Network);
        if (world.IsRoot && name == "hybrid" && options.Output is not null)
            ModelFile.Write(options.Output, trainer.Network);
    }

    // The same texts on every rank, each explained by every rank: 2ᴷ forward passes of some hundred texts are less than an epoch.
    private void Explain(string name, Network<float> network)
    {
        int count = (int)Math.Min(Explained, texts.JudgedCount), words = tokeniser.Length;
        SampleTable<float> judged = texts.Judged(tokeniser, 0, count), background = texts.Training(tokeniser, 0, Math.Min(Background, texts.Count));
        Contributions<float> contributions = new(network, InputsOf(background).Inputs);
        (float[] inputs, int[] labels) = InputsOf(judged);
        double[] sizes = new double[contributions.SubModels.Count];
        for (int first = 0; first < count; first += network.Capacity)
        {
            int behind = Math.Min(count, first + network.Capacity);
            foreach (Contribution each in contributions.Explain(inputs.AsSpan(first * words, (behind - first) * words), labels.AsSpan(first, behind - first)))
                for (int i = 0; i < sizes.Length; i++)
                    sizes[i] += Math.Abs(each.Of[i]) / count;
        }
        for (int i = 0; i < sizes.Length; i++)
        {
            found[$"{name}: contribution of {contributions.SubModels[i]}"] = sizes[i];
            bars.Add(($"{name}: {contributions.SubModels[i]}", sizes[i]));
        }
    }

    private (long, long) Own(long count)
    {
        Strata strata = new(count, options.Training.Strata, options.Training.MicroBatch);
        int[] owners = Trainer<float>.EvenOwners(options.Training.Strata, world.Size);
        return (strata.Begin(Array.IndexOf(owners, world.Rank)), strata.Begin(Array.LastIndexOf(owners, world.Rank) + 1));
    }

    private static (float[] Inputs, int[] Labels) InputsOf(SampleTable<float> samples)
    {
        float[] inputs = new float[samples.Held * samples.Shape.Elements], labels = new float[samples.Held];
        samples.Read([.. Enumerable.Range(0, samples.Held).Select(i => samples.First + i)], inputs, labels);
        return (inputs, [.. labels.Select(label => (int)label)]);
    }
}
