namespace SoraHpc.Solvers.Preconditioners;

/// <summary>The polynomial of a degree that is smallest on an interval and 1 at zero, as the steps that make it.</summary>
internal static class ChebyshevPolynomial
{
    /// <summary>Steps γ for x ← x + γ·(b − A·x), one a degree: the reciprocals of the polynomial's roots. Their order does not matter
    /// for a few; alternating ends keep the numbers small.</summary>
    /// <param name="lower">Lower end of the interval, > 0.</param>
    /// <param name="upper">Upper end, at least the largest eigenvalue for the polynomial to be positive there.</param>
    internal static double[] Steps(double lower, double upper, int degree)
    {
        double centre = (upper + lower) / 2, radius = (upper - lower) / 2;
        double[] steps = [.. Enumerable.Range(0, degree).Select(i => 1 / (centre + radius * Math.Cos(Math.PI * (2 * i + 1) / (2 * degree))))];
        return [.. Enumerable.Range(0, degree).Select(i => steps[i % 2 == 0 ? i / 2 : degree - 1 - i / 2])];
    }
}
