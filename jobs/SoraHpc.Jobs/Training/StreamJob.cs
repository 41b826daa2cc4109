using System.Diagnostics;
using System.Globalization;
using System.Text;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Data;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Streams;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Training;

/// <summary>Classes learnt from a stream of rows, window by window: each window is first judged, then learnt, and where the model becomes wrong more often than chance explains it
/// starts anew. The same bits on any number of ranks.</summary>
public static class StreamJob
{
    private const long ReadBytes = 4 << 20;

    /// <summary>The whole job on every rank of a world; accuracies and alarms are among the observables of the result, windows in its table. Collective.</summary>
    /// <exception cref="UsageException">More ranks than strata, a window of fewer rows than strata, or checkpoints, which a stream that is learnt in seconds has not.</exception>
    /// <exception cref="SoraException">A file that cannot be read or written, or rows nothing can be learnt from.</exception>
    public static RunResult Run(Communicator world, StreamOptions options, SoraOptions? soraOptions = null)
    {
        if (soraOptions?.Checkpoints is not null)
            throw new UsageException("a stream is learnt once, as it comes: no checkpoints are written of it; leave --checkpoint away");
        _ = new TrainingSource(options.Online.Training.Strata).Open(world);
        if (options.Window < options.Online.Training.Strata)
            throw new UsageException($"windows of {options.Window} rows cannot be dealt into {options.Online.Training.Strata} strata: take larger windows, or fewer strata");
        long begun = Stopwatch.GetTimestamp();
        using DataTable? table = options.Data == BehaviourOptions.Made ? null : DataTable.Open(world, options.Data, ReadBytes, options.Online.Training.Strata);
        BlasLibrary library = SameLibrary.Load(world, options.Library);
        using OnlineTraining<float> online = new(world, PipelineFor(table), columns => new(new Shape(columns), new Dense(2)), options.Online, MatrixProducts<float>.Of(library), options.Detector());
        (List<WindowOutcome> outcomes, string lines) = Learn(world, options, table, online);
        if (world.IsRoot && options.Output is not null)
            ModelFile.Write(options.Output, online.Network!);
        long rows = table?.Rows ?? options.Rows;
        string what = table is null ? $"{rows} made visits" : $"{Path.GetFileName(options.Data)}: {rows} rows";
        RankReport[] reports = [.. Enumerable.Range(0, world.IsRoot ? world.Size : 0).Select(rank => new RankReport(rank, 0, 0, 0, 0, 0, 0, double.NaN))];
        return new("training", $"{online.Network!.Model}; {what} as a stream, in windows of {options.Window}; {library.Name}", outcomes.Count, Stopwatch.GetElapsedTime(begun).TotalSeconds, Found(outcomes), reports)
        {
            Table = world.IsRoot ? lines : "",
        };
    }

    private static Pipeline PipelineFor(DataTable? table) => table is not null ? new(new FillMissing(Filling.Median), new Standardise())
        : new(new Logarithm("visits", "seconds", "basket"), new OneHot(false, "device"), new Standardise());

    // Rows after the last whole window are not learnt.
    private static (List<WindowOutcome>, string) Learn(Communicator world, StreamOptions options, DataTable? table, OnlineTraining<float> online)
    {
        BehaviourTable made = new() { DriftAt = options.DriftAt };
        long rows = table?.Rows ?? options.Rows;
        if (rows < options.Window)
            throw new UsageException($"a stream of {rows} rows has no window of {options.Window}: take smaller windows");
        List<WindowOutcome> outcomes = [];
        StringBuilder lines = new($"  {"window",6}  {"rows",-17}  {"accuracy",8}  {"loss",7}{string.Concat(options.Spans.Select(span => $"  {$"last {span}",10}"))}\n");
        SlidingWindow[] spans = [.. options.Spans.Select(_ => new SlidingWindow(isSorted: false))];
        for (long begin = 0; begin + options.Window <= rows; begin += options.Window)
        {
            (long first, long end) = Share(world, options, begin);
            outcomes.Add(online.Take(table is null ? [made.Rows(first, (int)(end - first))] : [.. table.Read(first, end)]));
            for (int span = 0; span < spans.Length; span++)
                Follow(spans[span], options.Spans[span], online.Wrong, begin);
            lines.Append(Line(outcomes[^1], begin, spans));
        }
        return (outcomes, lines.ToString());
    }

    // Of a window, whole strata, as training deals them.
    private static (long First, long End) Share(Communicator world, StreamOptions options, long begin)
    {
        Strata strata = new(options.Window, options.Online.Training.Strata, 1);
        int[] owners = Trainer<float>.EvenOwners(strata.Count, world.Size);
        return (begin + strata.Begin(owners.Count(owner => owner < world.Rank)), begin + strata.Begin(owners.Count(owner => owner <= world.Rank)));
    }

    private static void Follow(SlidingWindow window, int span, ReadOnlySpan<byte> wrong, long begin)
    {
        for (int row = 0; row < wrong.Length; row++)
            window.Push(begin + row, wrong[row]);
        window.LeaveBefore(begin + wrong.Length - span);
    }

    private static string Line(WindowOutcome outcome, long begin, SlidingWindow[] spans)
    {
        string told = outcome.Right < 0 ? "starts" : outcome.AlarmRow >= 0 ? $"alarm at row {begin + outcome.AlarmRow}: starts anew with the last {outcome.Learnt} rows" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"  {outcome.Number,6}  {$"{begin}–{begin + outcome.Rows - 1}",-17}  {(outcome.Right < 0 ? "" : $"{outcome.Accuracy:P1}"),8}  {outcome.Loss,7:0.0000}{string.Concat(spans.Select(span => $"  {(span.Count == 0 ? "" : $"{1 - span.Moments.Mean:P1}"),10}"))}  {told}").TrimEnd() + "\n";
    }

    private static Dictionary<string, double> Found(List<WindowOutcome> outcomes)
    {
        WindowOutcome[] judged = [.. outcomes.Where(each => each.Right >= 0)];
        return new()
        {
            ["windows"] = outcomes.Count,
            ["alarms"] = judged.Count(each => each.AlarmRow >= 0),
            ["accuracy of rows before they are learnt"] = judged.Length == 0 ? double.NaN : (double)judged.Sum(each => each.Right) / judged.Sum(each => each.Rows),
        };
    }
}
