using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Explanations;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>A folder of explanations: of each an SVG to look at and a CSV file with all numbers. Written by rank 0; every rank may call.</summary>
internal sealed class ExplanationFiles
{
    private const int MostRows = 24, PerRow = 5, Edge = 150;

    // Below it a probability says nothing but that it is small.
    private const double LeastProbability = 1e-16;

    private readonly string directory;
    private readonly bool isWriter;

    private ExplanationFiles(string directory, bool isWriter) => (this.directory, this.isWriter) = (directory, isWriter);

    /// <summary>Makes the folder, before anything is computed for it; null where none is wanted.</summary>
    /// <exception cref="SoraException">It cannot be made.</exception>
    internal static ExplanationFiles? At(string? directory, Communicator world)
    {
        if (directory is null)
            return null;
        try
        {
            if (world.IsRoot)
                Directory.CreateDirectory(directory);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SoraException($"{directory}: the folder for explanations cannot be made: {reason.Message}", reason);
        }
        return new(directory, world.IsRoot);
    }

    /// <summary>Files "importance": the most important features in the picture, all in the table.</summary>
    internal void Importance(IReadOnlyList<Importance> all, string subtitle)
    {
        Importance[] shown = [.. all.OrderByDescending(each => each.Loss).Take(MostRows)];
        Write("importance", () => BarChart.Draw([.. shown.Select(each => (each.Name, each.Loss))], "What the model looks at", subtitle,
            "growth of the mean loss where a feature comes from other samples; mean ± standard deviation", [.. shown.Select(each => each.Deviation)]),
            ["feature", "loss", "deviation", "accuracy"], all.Select(each => (object[])[each.Name, each.Loss, each.Deviation, each.Accuracy]));
    }

    /// <summary>Files "confusion".</summary>
    internal void Confusion(long[,] counts, IReadOnlyList<string> classes, string subtitle) =>
        Write("confusion", () => ConfusionChart.Draw(counts, classes, "What is taken for what", subtitle),
            ["class", .. classes], classes.Select((name, row) => (object[])[name, .. Enumerable.Range(0, classes.Count).Select(column => (object)counts[row, column])]));

    /// <summary>Files "curve", or of another name where there are several.</summary>
    internal void Curve(IReadOnlyList<EpochReport> history, string subtitle, string name = "curve") =>
        Write(name, () => TrainingCurve.Draw(history, "Learning, epoch by epoch", subtitle), ["epoch", "rate", "training loss", "training accuracy", "test loss", "test accuracy"],
            history.Select(report => (object[])[report.Epoch, report.Rate, report.Training.Loss, report.Training.Accuracy, report.Validation!.Value.Loss, report.Validation!.Value.Accuracy]));

    /// <summary>Files "coefficients"; the intercept is in the table alone, because its size has other units.</summary>
    internal void Coefficients(IReadOnlyList<Coefficient> all, string subtitle, string label)
    {
        static string Note(Coefficient each) => double.IsNaN(each.StandardError) ? Text(each.Value) : $"{Text(each.Value)} ± {Text(each.StandardError)}, p {(each.Probability < LeastProbability ? "< 10⁻¹⁶" : $"= {each.Probability.ToString("G2", CultureInfo.InvariantCulture)}")}";
        PlotInterval[] shown = [.. all.Where(each => each.Name != "intercept").Take(MostRows).Select(each => new PlotInterval(each.Name, each.Value, each.Low, each.High, Note(each)))];
        Write("coefficients", () => IntervalPlot.Draw(shown, "Coefficients", subtitle, label),
            ["feature", "coefficient", "standard error", "statistic", "probability", "low", "high"],
            all.Select(each => (object[])[each.Name, each.Value, each.StandardError, each.Statistic, each.Probability, each.Low, each.High]));
    }

    /// <summary>Files of mean predictions over one feature.</summary>
    internal void Dependence(string name, string feature, double[] values, IReadOnlyList<(string Class, double[] Mean)> curves) =>
        Write(name, () => LinePlot.Draw([.. curves.Select(curve => new PlotSeries(curve.Class, values, curve.Mean, Markers: true))],
            new LinePlotOptions { Title = $"What {feature} does", Subtitle = "mean prediction over all test samples, each with this value instead of its own", XLabel = feature, YLabel = "mean logit" }),
            [feature, .. curves.Select(curve => curve.Class)], values.Select((value, i) => (object[])[value, .. curves.Select(curve => (object)curve.Mean[i])]));

    /// <summary>Files "interaction".</summary>
    internal void Interaction(IReadOnlyList<string> features, double[,] strength, string subtitle)
    {
        (string Name, double Strength)[] pairs = [.. from j in Enumerable.Range(0, features.Count) from k in Enumerable.Range(j + 1, features.Count - j - 1) select ($"{features[j]} with {features[k]}", strength[j, k])];
        Write("interaction", () => BarChart.Draw([.. pairs.OrderByDescending(pair => pair.Strength).Take(MostRows)], "What features do together", subtitle, "H of Friedman and Popescu: 0 adds up, 1 only together"),
            ["pair", "H"], pairs.Select(pair => (object[])[pair.Name, pair.Strength]));
    }

    /// <summary>Files with bars.</summary>
    internal void Bars(string name, IReadOnlyList<(string Name, double Length)> bars, string title, string subtitle, string label) =>
        Write(name, () => BarChart.Draw(bars, title, subtitle, label), ["part", label], bars.Select(bar => (object[])[bar.Name, bar.Length]));

    /// <summary>Files of images with signed numbers over them, each shown in shares of its largest.</summary>
    internal void Images(string name, Shape shape, IReadOnlyList<(GalleryImage Image, double[] Of, double[] Facts)> all, IReadOnlyList<string> facts, string title, string subtitle, string legend) =>
        Write(name, () => ImageGallery.Draw([.. all.Select(each => each.Image with { Signs = SharesOf(each.Of, shape[^1]) })], shape[0], shape[1], title, subtitle, PerRow, Edge, legend),
            ["image", .. facts, .. Enumerable.Range(0, shape.Elements).Select(i => string.Create(CultureInfo.InvariantCulture, $"p{i}"))],
            all.Select(each => (object[])[each.Image.Caption, .. each.Facts.Concat(each.Of).Select(value => (object)value)]));

    // A pixel's channels are summed.
    private static float[] SharesOf(double[] values, int channels)
    {
        double[] pixels = [.. values.Chunk(channels).Select(pixel => pixel.Sum())];
        double largest = pixels.Max(Math.Abs);
        return [.. pixels.Select(value => largest > 0 ? (float)(value / largest) : 0)];
    }

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private void Write(string name, Func<string> picture, IReadOnlyList<string> header, IEnumerable<object[]> rows)
    {
        if (!isWriter)
            return;
        TextFile.Write(Path.Combine(directory, name + ".svg"), picture(), "picture");
        TextFile.Write(Path.Combine(directory, name + ".csv"), CsvText.Of(header, rows), "table");
    }
}
