using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>Draws and writes what several jobs have in common: an older file stays until the new one is complete. Local.</summary>
internal static class TrainingPictures
{
    /// <summary>Loss and share of errors, by epoch.</summary>
    /// <param name="history">One report an epoch, each with what came of the samples to be judged by.</param>
    /// <param name="title">Above it.</param>
    /// <param name="subtitle">Below the title.</param>
    internal static string Curve(IReadOnlyList<EpochReport> history, string title, string subtitle)
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

    /// <exception cref="SoraException">It cannot be written.</exception>
    internal static void Write(string path, string text)
    {
        string partial = path + ".part";
        try
        {
            File.WriteAllText(partial, text);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new SoraException($"{path}: the file cannot be written: {reason.Message}", reason);
        }
    }
}
