using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>What came of one arrangement of sub-models; the same on every rank.</summary>
/// <param name="Accuracy">Share of the texts to be judged by whose label is found.</param>
/// <param name="Contributions">Mean size of every sub-model's contribution to the logit of the right label.</param>
/// <param name="History">One report an epoch.</param>
internal sealed record TextFinding(double Accuracy, double[] Contributions, EpochReport[] History)
{
    /// <summary>All of it, for a checkpoint.</summary>
    internal double[] Numbers => [Accuracy, Contributions.Length, .. Contributions, .. History.SelectMany(report => report.Numbers)];

    /// <summary>What has these <see cref="Numbers"/>.</summary>
    internal static TextFinding Of(double[] numbers) =>
        new(numbers[0], numbers[2..(2 + (int)numbers[1])], [.. numbers.Skip(2 + (int)numbers[1]).Chunk(EpochReport.Length).Select(report => EpochReport.Of(report))]);
}
