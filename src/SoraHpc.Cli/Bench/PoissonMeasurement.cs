using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Bench;

/// <summary>One solver's measurement of <c>sora bench poisson</c>, as both sides print it.</summary>
/// <param name="Variant">Which solver.</param>
/// <param name="SetupSeconds">Matrix, grids and the first solve.</param>
/// <param name="SolveSeconds">The best solve from zero.</param>
/// <param name="Residual">‖b − A·x‖ / ‖b‖ computed anew.</param>
internal readonly record struct PoissonMeasurement(string Variant, int Iterations, double SetupSeconds, double SolveSeconds, double Residual)
{
    /// <summary>The line <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Variant} {Iterations} {SetupSeconds:0.000000} {SolveSeconds:0.000000} {Residual:0.000000e0}");

    /// <exception cref="SoraException">The line is none of a measurement.</exception>
    internal static PoissonMeasurement Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 5 && int.TryParse(words[1], CultureInfo.InvariantCulture, out int iterations) && Number(words[2]) is { } setup && Number(words[3]) is { } solve && Number(words[4]) is { } residual
            ? new(words[0], iterations, setup, solve, residual)
            : throw new SoraException($"not a measurement of the Poisson equation: '{line}'");
    }

    /// <summary>The faster of two measurements of the same solver; the first set-up and solve count as they come.</summary>
    internal PoissonMeasurement Faster(PoissonMeasurement other) => other.SolveSeconds < SolveSeconds ? other : this;

    private static double? Number(string word) => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
