using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Training;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run training</c>.</summary>
internal sealed partial class TrainingCommand : IJobCommand
{
    private readonly Option<string?> data = CommandOptions.Text("--data", $"'{DigitsOptions.Made}', '{TextOptions.Made}' or '{BehaviourOptions.Made}', which are made; a folder with the files of the MNIST database; a table FILE.h5; a file with a line 'label TAB text' each. Default: {DigitsOptions.Made}", "DATA");
    private readonly Option<string?> model = CommandOptions.Choice("--model", "For digits and tables: a convolution network (of a table, two dense blocks), or softmax regression. Default: convolution", "convolution", "linear");
    private readonly Option<int?> images = CommandOptions.Integer("--images", "Made images, texts or users to learn from. Default: 12000, 6000, 6000", least: 100, most: 1_000_000);
    private readonly Option<int?> testImages = CommandOptions.Integer("--test-images", "Made images, texts or users to be judged by. Default: 4000, 2000, 2000", least: 100, most: 1_000_000);
    private readonly Option<int?> epochs = CommandOptions.Integer("--epochs", "How often all images are gone through. Default: 8", least: 1);
    private readonly Option<double?> rate = CommandOptions.Number("--rate", "Largest learning rate. Default: 0.002", least: 1e-12);
    private readonly Option<string?> optimiser = CommandOptions.Choice("--optimiser", "Default: adam", "adam", "momentum", "sgd");
    private readonly Option<int?> strata = CommandOptions.Integer("--strata", "Micro-batches in a batch, and so the most ranks. Default: 12", least: 1, most: 4096);
    private readonly Option<int?> microBatch = CommandOptions.Integer("--micro-batch", "Images of a micro-batch. Default: 16", least: 1, most: 65536);
    private readonly Option<int?> patience = CommandOptions.Integer("--patience", "Epochs without gain after which training stops. Default: never", least: 1);
    private readonly Option<int?> seed = CommandOptions.Integer("--seed", "Of first values, order and dropout. Default: 1", least: 0);
    private readonly Option<int?> top = CommandOptions.Integer("--top", "For behaviour: items recommended to a user. Default: 5", least: 1);
    private readonly Option<int?> words = CommandOptions.Integer("--words", "For texts: words read of each, an even number. Default: 24", least: 2, most: 4096);
    private readonly Option<string?> blas = CommandOptions.Text("--blas", "auto, mkl, openblas, blis, system, managed or a path. Default: SORA_BLAS, else auto, as rank 0 finds it", "LIBRARY");
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file for the trained model; for behaviour, text file for recommendations. Default: none", "FILE");
    private readonly Option<string?> picture = CommandOptions.Text("--picture", "SVG file with images and what the model reads, contributions of sub-models, or coefficients. Default: none", "FILE");
    private readonly Option<string?> curve = CommandOptions.Text("--curve", "For digits and tables: SVG file with loss and errors by epoch. Default: none", "FILE");
    private readonly Option<string?> explain = CommandOptions.Text("--explain", "Folder for pictures (SVG) and tables (CSV) that explain the model: importance of features, saliency, coefficients with intervals, confusion, learning curve. Default: none", "DIR");
    private readonly Option<bool> compress = new("--compress") { Description = "Makes the trained model small afterwards, by several methods, and compares them" };
    private readonly Option<double?> budget = CommandOptions.Number("--budget", "With --compress: percentage points of accuracy that may be lost. Default: 1", least: 1e-6, most: 100);
    private readonly Option<string?> compressed = CommandOptions.Text("--compressed", "With --compress: HDF5 file for the smallest model within the budget. Default: none", "FILE");
    private readonly Option<string?> sizes = CommandOptions.Text("--sizes", "With --compress: SVG file with accuracy over size. Default: none", "FILE");
    private readonly ParallelOptions parallel = new();

    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public string Description => "Handwritten digits, texts by sub-models, or users' behaviour, learnt over ranks.";

    /// <inheritdoc/>
    public string Example => "sora run training --data digits --epochs 8 --output digits-model.h5 --picture digits.svg --ranks 2";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options =>
        [data, model, images, testImages, epochs, rate, optimiser, strata, microBatch, patience, seed, top, words, blas, output, picture, curve, explain, compress, budget, compressed, sizes,
            .. StreamedOptions, .. parallel.All];

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        string chosen = parsed.GetValue(data) ?? DigitsOptions.Made;
        ParallelChoices choices = parallel.Of(parsed);
        return Streamed(parsed, chosen) ?? (chosen == BehaviourOptions.Made ? Behaviour(parsed, choices)
            : chosen == TextOptions.Made || (File.Exists(chosen) && !TableJob.IsTable(chosen)) ? Text(parsed, chosen, choices)
            : TableJob.IsTable(chosen) ? Table(parsed, chosen, choices)
            : Digits(parsed, chosen, choices));
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) =>
        [.. from pair in ((string Kind, Option<string?> Option)[])[("result", output), ("picture", picture), ("picture", curve), ("compressed model", compressed), ("picture", sizes), ("explanations", explain)]
            let file = parsed.GetValue(pair.Option) where file is not null select (pair.Kind, file)];

    private Func<Communicator, SoraOptions, RunResult> Digits(ParseResult parsed, string chosen, ParallelChoices choices)
    {
        Refuse(parsed, "digits", top, words);
        if (chosen != DigitsOptions.Made)
            Refuse(parsed, "digits from files, of which all are taken", images, testImages);
        DigitsOptions defaults = Trained(parsed, new DigitsOptions());
        DigitsOptions options = defaults with
        {
            Data = chosen,
            IsLinear = parsed.GetValue(model) == "linear",
            Images = parsed.GetValue(images) ?? defaults.Images,
            TestImages = parsed.GetValue(testImages) ?? defaults.TestImages,
            Picture = parsed.GetValue(picture),
            Curve = parsed.GetValue(curve),
            Explain = parsed.GetValue(explain),
            Budget = parsed.GetValue(compress) ? (parsed.GetValue(budget) ?? 1) / 100 : null,
            Compressed = parsed.GetValue(compressed),
            Sizes = parsed.GetValue(sizes),
        };
        if (!parsed.GetValue(compress) && (parsed.GetValue(budget) is not null || options.Compressed is not null || options.Sizes is not null))
            throw new UsageException("--budget, --compressed and --sizes go with --compress");
        return (communicator, run) => DigitsJob.Run(communicator, Dealt(options, choices), run);
    }

    private Func<Communicator, SoraOptions, RunResult> Table(ParseResult parsed, string chosen, ParallelChoices choices)
    {
        Refuse(parsed, "tables", [images, testImages, top, words, picture, .. Compression]);
        TableOptions options = Trained(parsed, new TableOptions { Data = chosen }) with
        {
            IsLinear = parsed.GetValue(model) == "linear",
            Curve = parsed.GetValue(curve),
            Explain = parsed.GetValue(explain),
        };
        return (communicator, run) =>
        {
            if (LargeTableJob.IsTable(chosen))                      // looked at here: which HDF5 there is follows from the MPI
                return LargeTable(parsed, chosen, choices)(communicator, run);
            Refuse(parsed, "a table of samples in two sets, which is read whole,", memoryLimit, chunk);
            return TableJob.Run(communicator, Dealt(options, choices), run);
        };
    }

    private Func<Communicator, SoraOptions, RunResult> Text(ParseResult parsed, string chosen, ParallelChoices choices)
    {
        Refuse(parsed, "texts", [model, curve, top, augment, .. Compression]);
        if (chosen != TextOptions.Made)
            Refuse(parsed, "texts from a file, of which all are taken", images, testImages);
        TextOptions defaults = Trained(parsed, new TextOptions());
        TextOptions options = defaults with
        {
            Data = chosen,
            Texts = parsed.GetValue(images) ?? defaults.Texts,
            TestTexts = parsed.GetValue(testImages) ?? defaults.TestTexts,
            Words = parsed.GetValue(words) ?? defaults.Words,
            Picture = parsed.GetValue(picture),
            Explain = parsed.GetValue(explain),
        };
        return (communicator, run) => TextJob.Run(communicator, Dealt(options, choices), run);
    }

    private Func<Communicator, SoraOptions, RunResult> Behaviour(ParseResult parsed, ParallelChoices choices)
    {
        Refuse(parsed, "behaviour", [model, curve, words, epochs, rate, optimiser, microBatch, patience, seed, blas, augment, .. Compression]);
        BehaviourOptions defaults = new();
        BehaviourOptions options = defaults with
        {
            Users = parsed.GetValue(images) ?? defaults.Users,
            TestUsers = parsed.GetValue(testImages) ?? defaults.TestUsers,
            Top = parsed.GetValue(top) ?? defaults.Top,
            Strata = parsed.GetValue(strata) ?? defaults.Strata,
            Output = parsed.GetValue(output),
            Picture = parsed.GetValue(picture),
            Explain = parsed.GetValue(explain),
        };
        return (communicator, run) => BehaviourJob.Run(communicator, Dealt(options, choices), run);
    }

    private T Trained<T>(ParseResult parsed, T defaults) where T : NetworkOptions => defaults with
    {
        Training = TrainingOf(parsed, defaults.Training),
        Library = BlasChoice.Options(parsed.GetValue(blas)).Library,
        Output = parsed.GetValue(output),
    };

    // On every rank anew: strategies may remember what they saw.
    private static T Dealt<T>(T options, ParallelChoices choices) where T : LearningOptions =>
        options with { Partition = choices.Partition(), Balancing = choices.Balancing(), Sync = choices.Sync() };

    private Option[] Compression => [compress, budget, compressed, sizes];

    private static void Refuse(ParseResult parsed, string what, params Option[] unused)
    {
        if (Array.Find(unused, option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} means nothing for {what}: leave it away");
    }

    private TrainingOptions TrainingOf(ParseResult parsed, TrainingOptions defaults) => defaults with
    {
        Epochs = parsed.GetValue(epochs) ?? defaults.Epochs,
        Rate = defaults.Rate with { Base = parsed.GetValue(rate) ?? defaults.Rate.Base },
        Optimiser = parsed.GetValue(optimiser) switch { "sgd" => new Sgd(), "momentum" => new Sgd(0.9), _ => new Adam() },
        Strata = parsed.GetValue(strata) ?? defaults.Strata,
        MicroBatch = parsed.GetValue(microBatch) ?? defaults.MicroBatch,
        Patience = parsed.GetValue(patience) ?? defaults.Patience,
        Seed = (ulong)(parsed.GetValue(seed) ?? (int)defaults.Seed),
        Augmentation = AugmentationText.Parse(parsed.GetValue(augment)),
    };
}
