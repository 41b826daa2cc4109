using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;

namespace SoraHpc.Jobs.Finance;

/// <summary>How many scenarios lose how much, counted over all ranks, and its picture.</summary>
/// <param name="Lowest">Where the first bin begins [money].</param>
/// <param name="Width">Of every bin [money].</param>
/// <param name="Counts">Scenarios in every bin.</param>
public sealed record LossHistogram(double Lowest, double Width, long[] Counts)
{
    private const int Bins = 160;

    /// <summary>Counts. Collective.</summary>
    /// <param name="losses">This rank's losses [money], ascending.</param>
    public static LossHistogram Of(Communicator communicator, ReadOnlySpan<double> losses)
    {
        double lowest = communicator.Allreduce(losses.IsEmpty ? double.PositiveInfinity : losses[0], ReduceOperation.Min);
        double highest = communicator.Allreduce(losses.IsEmpty ? double.NegativeInfinity : losses[^1], ReduceOperation.Max);
        double width = highest > lowest ? (highest - lowest) / Bins : 1;
        long[] counts = new long[Bins];
        foreach (double loss in losses)
            counts[Math.Min((int)((loss - lowest) / width), Bins - 1)]++;
        communicator.Allreduce<long>(counts, ReduceOperation.Sum);
        return new(lowest, width, counts);
    }

    /// <summary>Draws densities as steps, with the normal density of the same mean and deviation, and the risk measures upright.</summary>
    /// <returns>The text of an SVG file.</returns>
    public string Draw(RiskMeasures risk, FinanceOptions options)
    {
        double total = Counts.Sum(), top = Counts.Max() / (total * Width);
        double[] edges = [.. Enumerable.Range(0, 2 * Counts.Length).Select(i => Lowest + (i + 1) / 2 * Width)];
        double[] density = [.. Enumerable.Range(0, 2 * Counts.Length).Select(i => Counts[i / 2] / (total * Width))];
        double[] normal = [.. edges.Select(loss => Math.Exp(-0.5 * Math.Pow((loss - risk.Mean) / risk.Deviation, 2)) / (risk.Deviation * Math.Sqrt(2 * Math.PI)))];
        PlotSeries Upright(string name, double loss) => new(name, [loss, loss], [0, top]);
        return LinePlot.Draw(
            [
                new("losses", edges, density),
                Upright("value at risk", risk.ValueAtRisk),
                Upright("expected shortfall", risk.Shortfall),
                new("normal, same deviation", edges, normal),
            ],
            new LinePlotOptions
            {
                Title = FormattableString.Invariant($"Losses over {options.Days:G6} trading days"),
                Subtitle = FormattableString.Invariant($"{Path.GetFileName(options.DataFile)}, {options.Scenarios} scenarios; value at risk {risk.ValueAtRisk:G6}, expected shortfall {risk.Shortfall:G6} at level {options.Level:G6}"),
                XLabel = "loss [money]",
                YLabel = "density [1/money]",
            });
    }

    /// <summary>Draws it into a file, which is replaced only by a whole picture. Local.</summary>
    /// <exception cref="SoraException">The file cannot be written.</exception>
    internal void Write(string path, RiskMeasures risk, FinanceOptions options) => TextFile.Write(path, Draw(risk, options), "picture");
}
