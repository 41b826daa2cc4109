namespace SoraHpc.Cli.Bench;

/// <summary>The middle of rounds, which one disturbed round does not move.</summary>
internal static class Medians
{
    internal static double Of<T>(IReadOnlyCollection<T> rounds, Func<T, double> of)
    {
        double[] sorted = [.. rounds.Select(of).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
