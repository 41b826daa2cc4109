using System.Diagnostics;
using System.Globalization;
using System.Text;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Compression;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Jobs.Training;

/// <summary>A trained network made small: each method alone, then all together within a budget of accuracy; sizes, accuracies and times beside each other.
/// Sizes and accuracies are the same on any number of ranks.</summary>
internal sealed class DigitsCompression
{
    private const double Pruned = 0.8, Channels = 0.25, Energy = 0.6, TuningRate = 5e-4;
    private const int Shared = 16, TuningEpochs = 3, TimedRounds = 20, TimedBatches = 6;

    private readonly Communicator communicator;
    private readonly Network<float> whole;
    private readonly SampleTable<float> learnt, test;
    private readonly ClassifierAccuracy onValidation, onTest;
    private readonly MatrixProducts<float> products;
    private readonly DigitsOptions options;
    private readonly int[] ownerOf;
    private readonly List<CompressedRow> rows = [];
    private readonly List<(long Bytes, double Accuracy)> path = [];

    /// <param name="own">This rank's strata, from the first to before the last.</param>
    internal DigitsCompression(Communicator communicator, Trainer<float> trainer, SampleTable<float> learnt, SampleTable<float> validation, SampleTable<float> test,
        (int First, int End) own, MatrixProducts<float> products, DigitsOptions options)
    {
        (this.communicator, whole, this.learnt, this.test, this.products, this.options) = (communicator, trainer.Network, learnt, test, products, options);
        (onValidation, onTest) = (new(communicator, validation, own, options.Training), new(communicator, test, own, options.Training));
        ownerOf = new int[options.Training.Strata];
        (int First, int End)[] all = communicator.Allgather(own);
        for (int rank = 0; rank < all.Length; rank++)
            ownerOf.AsSpan(all[rank].First..all[rank].End).Fill(rank);
    }

    /// <summary>One row a method, on the root.</summary>
    internal string Table { get; private set; } = "";

    /// <summary>What the smallest model within the budget came to.</summary>
    internal Dictionary<string, double> Found { get; } = [];

    /// <summary>Collective.</summary>
    /// <exception cref="SoraException">No code keeps the accuracy; the line says the best found.</exception>
    internal void Run()
    {
        rows.Add(CompressedRow.Of("single precision", Copy(whole)));
        Judge(rows[0]);
        double least = rows[0].Validation - options.Budget!.Value;
        CompressedModel bytes = CompressedModel.Of(whole, weight => Quantisation.Of(weight.Values, weight.Tensor.Shape[1]));
        Add(CompressedRow.Of("8 bits", bytes, products, whole.Capacity) with { Quantised = new(whole, products) });
        AddTuned($"8 bits, {100 * Pruned:0} % of weights 0", CompressedModel.Of(whole, weight => Quantisation.Of(Pruning.Apply(weight.Values, Pruned), weight.Tensor.Shape[1])));
        AddTuned($"{Shared} shared values", CompressedModel.Of(whole, weight => Clustering.Of(weight.Values, 0, Shared)));
        using Network<float> lowRank = LowRank.Of(whole, Energy, products);
        Add(CompressedRow.Of("low rank", Tune(lowRank.Model, lowRank.Values.Span, null)));
        using Network<float> narrow = ChannelPruning.Of(whole, Channels, products);
        CompressedRow fewer = CompressedRow.Of($"{100 * Channels:0} % of channels less", Tune(narrow.Model, narrow.Values.Span, null));
        Add(fewer);
        Add(CompressedRow.Of("together", Search(Copy(whole), least), products, whole.Capacity));
        if (fewer.Validation >= least)
        {
            CompressedModel both = Search(Copy(fewer.Network), least);
            CompressedRow row = CompressedRow.Of("together, on fewer channels", both, products, whole.Capacity);
            Add(row);
        }
        Report(rows.Where(row => row.Validation >= least).MinBy(row => row.Bytes)!);
        foreach (CompressedRow row in rows)
            row.Dispose();
    }

    private void Add(CompressedRow row)
    {
        rows.Add(row);
        Judge(row);
    }

    private void AddTuned(string name, CompressedModel code)
    {
        using Network<float> tuned = Tune(code.Model, ValuesOf(code), code);
        Add(CompressedRow.Of(name, code.WithValuesOf(tuned), products, whole.Capacity));
    }

    private void Judge(CompressedRow row) => (row.Validation, row.Test) = (onValidation.Of(row.Forward), onTest.Of(row.Forward));

    // Search and learning on take turns: weights go first, while those that stay are free to move; then values are shared.
    private CompressedModel Search(Network<float> network, double least)
    {
        using Network<float> sought = network;
        CompressionSearch search = new(sought, () => onValidation.Of(sought.Forward));
        CompressedModel best = null!;
        foreach (bool shares in (bool[])[false, false, true, true])
        {
            best = search.Search(least, shares);
            using Network<float> tuned = Tune(best.Model, sought.Values.Span, best);
            CompressedModel learntOn = best.WithValuesOf(tuned);
            learntOn.CopyTo(tuned);
            if (onValidation.Of(tuned.Forward) < least)
                continue;
            best = learntOn;
            best.CopyTo(sought);
        }
        path.AddRange(search.Path);
        return best;
    }

    private Network<float> Tune(Model model, ReadOnlySpan<float> values, CompressedModel? code)
    {
        TrainingOptions tuning = options.Training with { Epochs = TuningEpochs, Patience = 0, Rate = new() { Base = TuningRate, Schedule = RateSchedule.Cosine } };
        using Trainer<float> trainer = new(communicator, model, learnt, tuning, products, ownerOf);
        values.CopyTo(trainer.Network.Values.Span);
        trainer.Constraint = code is null ? null : new SharedWeights(code).Share;
        while (!trainer.IsDone)
            trainer.TakeStep();
        return Copy(trainer.Network);
    }

    private Network<float> Copy(Network<float> network)
    {
        Network<float> copy = new(network.Model, products, network.Capacity);
        network.Values.CopyTo(copy.Values);
        return copy;
    }

    private float[] ValuesOf(CompressedModel code)
    {
        using Network<float> network = code.Expand(products, whole.Capacity);
        return network.Values.ToArray();
    }

    private void Report(CompressedRow best)
    {
        Found["compressed bytes"] = best.Bytes;
        Found["times smaller"] = (double)rows[0].Bytes / best.Bytes;
        Found["compressed test accuracy"] = best.Test;
        if (!communicator.IsRoot)
            return;
        MeasureFiles();
        MeasureTimes();
        if (options.Compressed is not null)
            CompressedFile.Write(options.Compressed, best.Code ?? CompressedModel.Of(best.Network, weight => CodedTensor.AsIs(weight.Values)));
        Table = Render() + LargeDense.Compare(products);
        if (options.Sizes is not null)
            TextFile.Write(options.Sizes, Draw(), "picture");
    }

    private void MeasureFiles()
    {
        string folder = Directory.CreateTempSubdirectory("sora-sizes-").FullName;
        foreach (CompressedRow row in rows)
        {
            string path = Path.Combine(folder, "model.h5");
            if (row.Code is { } code)
                CompressedFile.Write(path, code);
            else
                ModelFile.Write(path, row.Network);
            row.FileBytes = new FileInfo(path).Length;
        }
        Directory.Delete(folder, recursive: true);
    }

    // Methods take turns; the best turn counts.
    private void MeasureTimes()
    {
        int batch = Math.Min(whole.Capacity, test.Held);
        float[] images = new float[batch * test.Shape.Elements], targets = new float[batch];
        long[] indices = [.. Enumerable.Range(0, batch).Select(i => test.First + i)];
        if (batch == 0)
            return;
        test.Read(indices, images, targets);
        for (int round = 0; round < TimedRounds; round++)
            foreach (CompressedRow row in rows)
            {
                row.Seconds = Math.Min(row.Seconds, Time(row.Forward, indices, images));
                row.SecondsAlone = Math.Min(row.SecondsAlone, Time(row.Forward, indices.AsSpan(0, 1), images.AsSpan(0, test.Shape.Elements)));
            }
    }

    private static double Time(ClassifierAccuracy.Forward forward, ReadOnlySpan<long> indices, ReadOnlySpan<float> images)
    {
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < TimedBatches; i++)
            _ = forward(new Pass(indices, isTraining: false), images);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds / TimedBatches / indices.Length;
    }

    private string Render()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"  {"method",-28}{"bytes",8}{"smaller",9}{"file",8}{"validation",12}{"test",9}{"µs/image",10}{"alone",8}\n");
        foreach (CompressedRow row in rows)
            text.Append(CultureInfo.InvariantCulture,
                $"  {row.Name,-28}{row.Bytes,8}{(double)rows[0].Bytes / row.Bytes,9:0.0}{row.FileBytes,8}{100 * row.Validation,10:0.00} %{100 * row.Test,7:0.00} %{1e6 * row.Seconds,10:0.0}{1e6 * row.SecondsAlone,8:0.0}\n");
        return text.ToString();
    }

    private string Draw()
    {
        CompressedRow[] alone = [.. rows.Where(row => !row.Name.StartsWith("together", StringComparison.Ordinal)).OrderBy(row => row.Bytes)], together = [.. rows.Except(alone).OrderBy(row => row.Bytes)];
        static PlotSeries Of(string name, IEnumerable<(long Bytes, double Accuracy)> points) =>
            new(name, [.. points.Select(point => point.Bytes / 1e3)], [.. points.Select(point => 100 * point.Accuracy)], Markers: true);
        return LinePlot.Draw(
            [
                Of("one method, learnt on", alone.Select(row => (row.Bytes, row.Test))),
                Of("together, learnt on", together.Select(row => (row.Bytes, row.Test))),
                Of("steps of the search", path.OrderBy(point => point.Bytes)),
            ],
            new LinePlotOptions { Title = "Accuracy over size", Subtitle = $"{whole.Values.Length} parameters, {test.Count} test images", XLabel = "numbers of the model [kB]", YLabel = "read rightly [%]", LogarithmicX = true });
    }
}
