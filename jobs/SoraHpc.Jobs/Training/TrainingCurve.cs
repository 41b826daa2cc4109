using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>Loss and share of errors, by epoch. Local.</summary>
internal static class TrainingCurve
{
    /// <param name="history">One report an epoch, each with what came of the samples to be judged by.</param>
    /// <param name="title">Above it.</param>
    /// <param name="subtitle">Below the title.</param>
    internal static string Draw(IReadOnlyList<EpochReport> history, string title, string subtitle)
    {
        double[] epochs = [.. history.Select(report => (double)report.Epoch)];
        PlotSeries Of(string name, Func<EpochReport, double> value) => new(name, epochs, [.. history.Select(value)], Markers: true);
        return LinePlot.Draw(
            [
                Of("training loss", report => report.Training.Loss),
                Of("test loss", report => report.Validation!.Value.Loss),
                Of("test errors", report => 1 - report.Validation!.Value.Accuracy),
            ],
            new LinePlotOptions { Title = title, Subtitle = subtitle, XLabel = "epoch", YLabel = "mean loss; share of errors", LogarithmicY = true });
    }

    /// <summary>The picture of a network's training, as an SVG file.</summary>
    /// <exception cref="SoraException">It cannot be written.</exception>
    internal static void Write(string path, Trainer<float> trainer, string title) =>
        TextFile.Write(path, Draw(trainer.History, title, $"{trainer.Network.Model.ParameterCount} parameters"), "picture");
}
