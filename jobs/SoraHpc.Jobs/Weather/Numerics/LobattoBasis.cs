namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Polynomials of degree 3 through the four Gauss–Legendre–Lobatto nodes of [−1, 1]. With W = diag(weights) and D the derivative
/// matrix, W·D + (W·D)ᵀ = diag(−1, 0, 0, 1): summation by parts, on which conservation and stability of the scheme rest.
/// </summary>
/// <remarks>Source: Kopriva, Implementing Spectral Methods for Partial Differential Equations (2009), chapters 1 and 3.</remarks>
public static class LobattoBasis
{
    /// <summary>Nodes along a side of an element; the degree is one less, the order of accuracy the same.</summary>
    public const int Nodes = 4;

    /// <summary>Weight of the first and last node.</summary>
    public const double EndWeight = 1.0 / 6.0;

    private static readonly double[] NodeTable = [-1, -1 / Math.Sqrt(5), 1 / Math.Sqrt(5), 1];
    private static readonly double[] WeightTable = [EndWeight, 5.0 / 6.0, 5.0 / 6.0, EndWeight];
    private static readonly double[] DerivativeTable = Differentiate();

    /// <summary>ξ_i, ascending.</summary>
    public static ReadOnlySpan<double> Points => NodeTable;

    /// <summary>w_i; they sum to 2.</summary>
    public static ReadOnlySpan<double> Weights => WeightTable;

    /// <summary>D[4·i + m]: derivative at node i of the polynomial that is 1 at node m and 0 at the others.</summary>
    public static ReadOnlySpan<double> Derivative => DerivativeTable;

    /// <summary>The four polynomials at a point: weights with which nodal values interpolate there.</summary>
    public static void Evaluate(double xi, Span<double> values)
    {
        for (int i = 0; i < Nodes; i++)
        {
            values[i] = 1;
            for (int m = 0; m < Nodes; m++)
                if (m != i)
                    values[i] *= (xi - NodeTable[m]) / (NodeTable[i] - NodeTable[m]);
        }
    }

    private static double[] Differentiate()
    {
        var derivative = new double[Nodes * Nodes];
        for (int i = 0; i < Nodes; i++)
            for (int m = 0; m < Nodes; m++)
                if (m != i)
                {
                    double slope = 1 / (NodeTable[m] - NodeTable[i]);
                    for (int l = 0; l < Nodes; l++)
                        if (l != i && l != m)
                            slope *= (NodeTable[i] - NodeTable[l]) / (NodeTable[m] - NodeTable[l]);
                    derivative[Nodes * i + m] = slope;
                }
        for (int i = 0; i < Nodes; i++)      // a constant has derivative zero, as exactly as can be
            derivative[Nodes * i + i] = -(derivative[Nodes * i + (i + 1) % 4] + derivative[Nodes * i + (i + 2) % 4] + derivative[Nodes * i + (i + 3) % 4]);
        return derivative;
    }
}
