using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Krylov;

/// <summary>A solver ended without reaching its tolerance; thrown alike on every rank.</summary>
public sealed class ConvergenceException(SolverResult result, string advice) : SoraException(Describe(result, advice))
{
    private const int Shown = 8;

    /// <summary>How the solve went, with every residual.</summary>
    public SolverResult Result { get; } = result;

    private static string Describe(SolverResult result, string advice)
    {
        string what = result.Reason switch
        {
            StopReason.Stagnated => "stagnated",
            StopReason.Breakdown => "broke down",
            _ => "used up its iterations",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{result.Method} {what} after {result.Iterations} iterations at a relative residual of {result.RelativeResidual:0.0e0} (residuals: {History(result.Residuals)}): {advice}");
    }

    // The first, the last and some between, evenly.
    private static string History(IReadOnlyList<double> residuals)
    {
        int last = residuals.Count - 1, count = Math.Min(Shown, residuals.Count);
        return string.Join(", ", Enumerable.Range(0, count).Select(i => count == 1 ? 0 : (int)((long)last * i / (count - 1))).Distinct()
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}: {residuals[i]:0.0e0}")));
    }
}
