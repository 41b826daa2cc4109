namespace SoraHpc.Solvers.Fft;

/// <summary>The sign of a transform's exponent.</summary>
public enum FftDirection
{
    /// <summary>X[k] = Σ x[j]·e^(−2πi·jk/n).</summary>
    Forward,
    /// <summary>x[j] = Σ X[k]·e^(+2πi·jk/n), without the factor 1/n.</summary>
    Inverse,
}
