using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Explanations;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.SubModels;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Jobs.Training;

/// <summary>Classification of texts by sub-models over their halves, in parallel, in series, as a hybrid and with shared parameters: accuracy, parameters and what
/// each sub-model contributes. A step is a batch of one arrangement, and arrangements are trained one after the other. The same bits on any number of ranks.</summary>
public sealed class TextJob : ICheckpointedJob
{
    // Samples that stand for what a model usually sees, and samples whose predictions are explained: the first ones to be judged by.
    private const int Background = 256, Explained = 256, Repeats = 5;

    private readonly TextOptions options;
    private readonly TextSet texts;
    private readonly HashingTokeniser tokeniser;
    private readonly MatrixProducts<float> products;
    private readonly ExplanationFiles? explanations;
    private readonly IReadOnlyList<(string Name, Model Model)> arrangements;
    private readonly List<TextFinding> findings = [];           // of the arrangements that are trained
    private readonly Dictionary<string, double> found = [];
    private SampleTable<float> learnt = null!, judged = null!;
    private (int[] Owners, int First, int End) strata;
    private Trainer<float> trainer = null!;
    private float[] kept = [];                                  // parameters of the arrangement that is left behind
    private long waited;

    private TextJob(TextOptions options, MatrixProducts<float> products, ExplanationFiles? explanations)
    {
        (this.options, this.products, this.explanations) = (options, products, explanations);
        texts = options.Data == TextOptions.Made ? TextSet.Made(options.Texts, options.TestTexts) : TextSet.Of(options.Data);
        tokeniser = new(options.Vocabulary, options.Words);
        arrangements = TextModels.All(options.Words, options.Vocabulary, texts.Labels.Count);
    }

    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public bool IsDone => findings.Count == arrangements.Count;

    /// <inheritdoc/>
    public ulong Fingerprint => ResultFingerprint.Of(string.Join("; ", arrangements.Select(each => each.Model)), options.Training, texts.Name);

    /// <inheritdoc/>
    public JobProgress Progress
    {
        get
        {
            (string name, double share) = IsDone ? ("all", 0) : (arrangements[findings.Count].Name, (double)trainer.Step / trainer.Steps);
            return new((findings.Count + share) / arrangements.Count, name);
        }
    }

    /// <summary>The whole job on every rank of a world; the table is among the observables of the result. Collective.</summary>
    /// <exception cref="SoraException">Texts that cannot be read, or training that diverges.</exception>
    /// <exception cref="UsageException">More ranks than strata.</exception>
    public static RunResult Run(Communicator world, TextOptions options, SoraOptions? soraOptions = null)
    {
        BlasLibrary library = SameLibrary.Load(world, options.Library);
        TextJob job = new(options, MatrixProducts<float>.Of(library), ExplanationFiles.At(options.Explain, world));
        RunResult result = options.Over(options.Training.Strata, soraOptions).Run(world, job);
        return result with
        {
            Choices = $"{job.texts.Name}; {job.texts.Labels.Count} labels; batches of {options.Training.Batch}; {library.Name}; {result.Choices}",
            Observables = job.found,
            WorkUnit = "texts",
            Quality = null,                                     // no halo is exchanged
        };
    }

    /// <inheritdoc/>
    public void Prepare(Particle particle)
    {
        strata = TrainingSource.SharesOf(particle, Name);
        (long Begin, long End) own = Own(texts.Count), ownJudged = Own(texts.JudgedCount);
        (learnt, judged) = (texts.Training(tokeniser, own.Begin, own.End), texts.Judged(tokeniser, ownJudged.Begin, ownJudged.End));
        trainer = particle.Own(TrainerOf(particle.Communicator, 0));
        particle.WorkPerStep = (double)(own.End - own.Begin) / trainer.StepsPerEpoch;
    }

    /// <inheritdoc/>
    public void Step(Particle particle)
    {
        trainer.TakeStep(judged);
        particle.CountWait(Stopwatch.GetTimestamp() - (trainer.WaitTicks - waited));
        waited = trainer.WaitTicks;
        if (trainer.IsDone)
            Conclude(particle);
    }

    /// <summary>Nothing: what is followed is the same on every rank already.</summary>
    public void Observe(Particle particle, Observables observables) { }

    /// <inheritdoc/>
    public void Save(Particle particle, CheckpointWriter checkpoint)
    {
        checkpoint.AddShared<double>("arrangements", [findings.Count]);
        for (int i = 0; i < findings.Count; i++)
            checkpoint.AddShared<double>($"finding-{i}", findings[i].Numbers);
        checkpoint.AddShared<float>("kept", kept);
        trainer.Save(checkpoint);
    }

    /// <inheritdoc/>
    public void Restore(Particle particle, CheckpointReader checkpoint)
    {
        int done = (int)checkpoint.ReadShared<double>("arrangements")[0];
        findings.Clear();
        findings.AddRange(Enumerable.Range(0, done).Select(i => TextFinding.Of(checkpoint.ReadShared<double>($"finding-{i}"))));
        kept = checkpoint.ReadShared<float>("kept");
        trainer = particle.Own(TrainerOf(particle.Communicator, done));
        trainer.Restore(checkpoint);
    }

    /// <inheritdoc/>
    public void Finish(Particle particle)
    {
        List<(string Name, double Length)> bars = [];
        foreach (((string name, Model model), TextFinding finding) in arrangements.Zip(findings))
        {
            found[$"{name}: test accuracy"] = finding.Accuracy;
            found[$"{name}: parameters"] = model.ParameterCount;
            foreach ((string part, double size) in TextModels.SubModelsOf(model).Zip(finding.Contributions))
            {
                found[$"{name}: contribution of {part}"] = size;
                bars.Add(($"{name}: {part}", size));
            }
        }
        using Trainer<float> best = TrainerOf(particle.Communicator, arrangements.TakeWhile(each => each.Name != TextModels.Kept).Count());
        kept.CopyTo(best.Network.Values);
        const string Title = "What sub-models contribute", Label = "mean contribution to the logit of the right label";
        string subtitle = $"{texts.Name}; Shapley values over sub-models, in their absolute size";
        if (particle.Communicator.IsRoot && options.Picture is not null)
            TextFile.Write(options.Picture, BarChart.Draw(bars, Title, subtitle, Label), "picture");
        if (particle.Communicator.IsRoot && options.Output is not null)
            ModelFile.Write(options.Output, best.Network);
        if (explanations is not null)
        {
            explanations.Bars("contributions", bars, Title, subtitle, Label);
            Explain(explanations, best, particle.Communicator);
        }
    }

    private Trainer<float> TrainerOf(Communicator communicator, int arrangement) => new(communicator, arrangements[arrangement].Model, learnt, options.Training, products, strata.Owners);

    // An arrangement is trained: what came of it, and on to the next one.
    private void Conclude(Particle particle)
    {
        if (arrangements[findings.Count].Name == TextModels.Kept)
            kept = trainer.Network.Values.ToArray();
        findings.Add(new(trainer.Evaluate(judged).Accuracy, SizesOfContributions(particle.Communicator), [.. trainer.History]));
        if (IsDone)
            return;
        trainer = particle.Own(TrainerOf(particle.Communicator, findings.Count));
        waited = 0;
    }

    // The same texts on every rank, each explained by every rank: 2ᴷ forward passes of some hundred texts are less than an epoch.
    private double[] SizesOfContributions(Communicator communicator)
    {
        Network<float> network = trainer.Network;
        SampleShare<float> background = new(communicator, learnt, options.Training.Strata, strata.First, strata.End), explained = new(communicator, judged, options.Training.Strata, strata.First, strata.End);
        int count = (int)Math.Min(Explained, texts.JudgedCount), words = tokeniser.Length;
        Contributions<float> contributions = new(network, First(background, Background).Inputs);
        (float[] inputs, float[] labels) = First(explained, count);
        double[] sizes = new double[contributions.SubModels.Count];
        for (int first = 0; first < count; first += network.Capacity)
        {
            int behind = Math.Min(count, first + network.Capacity);
            foreach (Contribution each in contributions.Explain(inputs.AsSpan(first * words, (behind - first) * words), [.. labels[first..behind].Select(label => (int)label)]))
                for (int i = 0; i < sizes.Length; i++)
                    sizes[i] += Math.Abs(each.Of[i]) / count;
        }
        return sizes;
    }

    private void Explain(ExplanationFiles files, Trainer<float> best, Communicator communicator)
    {
        SampleShare<float> share = new(communicator, judged, options.Training.Strata, strata.First, strata.End);
        string judgedBy = $"{TextModels.Kept}; {texts.JudgedCount} test texts";
        foreach (((string name, Model model), TextFinding finding) in arrangements.Zip(findings))
            files.Curve(finding.History, $"{name}; {model.ParameterCount} parameters", $"curve-{name}");
        files.Confusion(ConfusionMatrix.Of(share, best.Network), texts.Labels, judgedBy);
        files.Importance(PermutationImportance.Measure(share, FeatureGroup.Each([.. Enumerable.Range(1, tokeniser.Length).Select(place => $"word {place}")]), best.Evaluate, Repeats),
            $"{judgedBy}, {Repeats} permutations of the word at each place");
    }

    private static (float[] Inputs, float[] Targets) First(SampleShare<float> share, int count) =>
        share.Gather([.. Enumerable.Range(0, (int)Math.Min(count, share.Samples.Count)).Select(i => (long)i)]);

    private (long Begin, long End) Own(long count)
    {
        Strata cut = new(count, options.Training.Strata, options.Training.MicroBatch);
        return (cut.Begin(strata.First), cut.Begin(strata.End));
    }
}
