using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Training;
using SoraHpc.Learning.Streams;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

// Rows that come window by window, and tables larger than memory.
internal sealed partial class TrainingCommand
{
    private readonly Option<int?> stream = CommandOptions.Integer("--stream", "For behaviour and tables of two classes: rows come as a stream, and so many are judged and then learnt at a time", least: 12, most: 10_000_000);
    private readonly Option<string?> spans = CommandOptions.Text("--windows", "With --stream: rows of windows in which accuracy is told too, such as 100,1000. Default: none", "N,N,…");
    private readonly Option<string?> detector = CommandOptions.Choice("--detector", "With --stream: what watches for drift. Default: adwin", "adwin", "page-hinkley");
    private readonly Option<int?> driftAt = CommandOptions.Integer("--drift-at", "With --stream, for behaviour: the visit from which on it is the opposite. Default: never", least: 0);
    private readonly Option<string?> memoryLimit = CommandOptions.Text("--memory-limit", "For a table with the dataset 'label': what a rank's rows may take in memory, such as 64MB; a larger table is read chunk by chunk. Default: no limit", "BYTES");
    private readonly Option<int?> chunk = CommandOptions.Integer("--chunk", "For such a table: micro-batches whose samples are shuffled among each other. Default: 128", least: 1, most: 1 << 20);
    private readonly Option<string?> augment = CommandOptions.Text("--augment", "For digits and tables: changes to samples while they are learnt from, such as shift=2,turn=0.2,stretch=0.1,slant=0.2,noise=0.05,mix=0.3. Default: none", "NAME=X,…");

    private IReadOnlyList<Option> StreamedOptions => [stream, spans, detector, driftAt, memoryLimit, chunk, augment];

    /// <summary>The stream that is asked for; null where none is.</summary>
    private Func<Communicator, SoraOptions, RunResult>? Streamed(ParseResult parsed, string chosen)
    {
        if (parsed.GetValue(stream) is not { } window)
        {
            Refuse(parsed, "data that is no stream", spans, detector, driftAt);
            _ = MemoryOf(parsed);
            if (!TableJob.IsTable(chosen))
                Refuse(parsed, "data that is no table", memoryLimit, chunk);
            return null;
        }
        if (chosen != BehaviourOptions.Made && !TableJob.IsTable(chosen))
            throw new UsageException($"--stream goes with --data {BehaviourOptions.Made} or a table FILE.h5, and not with {chosen}");
        Refuse(parsed, "a stream", [model, testImages, top, words, patience, picture, curve, explain, augment, memoryLimit, chunk, .. Compression]);
        StreamOptions defaults = new();
        StreamOptions options = defaults with
        {
            Data = chosen,
            Rows = parsed.GetValue(images) ?? defaults.Rows,
            DriftAt = parsed.GetValue(driftAt) ?? defaults.DriftAt,
            Window = window,
            Spans = SpansOf(parsed.GetValue(spans)),
            Detector = parsed.GetValue(detector) == "page-hinkley" ? () => new PageHinkley(0.1, 15) : defaults.Detector,
            Online = defaults.Online with { Training = TrainingOf(parsed, defaults.Online.Training) },
            Library = BlasChoice.Options(parsed.GetValue(blas)).Library,
            Output = parsed.GetValue(output),
        };
        if (chosen != BehaviourOptions.Made)
            Refuse(parsed, "a table", images, driftAt);
        return (communicator, run) => StreamJob.Run(communicator, options, run);
    }

    private Func<Communicator, SoraOptions, RunResult> LargeTable(ParseResult parsed, string file, ParallelChoices choices)
    {
        Refuse(parsed, "a table that may be larger than memory", curve, explain);
        LargeTableOptions defaults = Trained(parsed, new LargeTableOptions { Data = file });
        LargeTableOptions options = defaults with
        {
            MemoryLimit = MemoryOf(parsed) ?? defaults.MemoryLimit,
            IsLinear = parsed.GetValue(model) == "linear",
            Training = defaults.Training with { ChunkBatches = parsed.GetValue(chunk) ?? defaults.Training.ChunkBatches },
        };
        return (communicator, run) => LargeTableJob.Run(communicator, Dealt(options, choices), run);
    }

    private long? MemoryOf(ParseResult parsed) => parsed.GetValue(memoryLimit) is { } bytes ? ByteSize.Parse("--memory-limit", bytes) : null;

    private static int[] SpansOf(string? text) => text is null ? [] : [.. text.Split(',').Select(each => int.TryParse(each, NumberStyles.None, CultureInfo.InvariantCulture, out int rows) && rows >= 1 ? rows
        : throw new UsageException($"--windows takes numbers of rows such as 100,1000, not '{text}'"))];
}
