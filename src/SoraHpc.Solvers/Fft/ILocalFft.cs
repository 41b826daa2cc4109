using System.Numerics;

namespace SoraHpc.Solvers.Fft;

/// <summary>One-dimensional transforms of one length, many at a time, on this rank alone. One thread at a time uses it.</summary>
public unsafe interface ILocalFft : IDisposable
{
    /// <summary>Numbers in a line, ≥ 1.</summary>
    int Length { get; }

    /// <summary>
    /// Transforms every line. Every line's result depends on its own numbers only, bit for bit, wherever it lies and however many there are.
    /// Allocates nothing. Local.
    /// </summary>
    /// <param name="lines">How many, and where they lie.</param>
    /// <param name="input">Number 0 of line 0.</param>
    /// <param name="output">As <paramref name="input"/>; the same address where strides and distances are the same, else memory apart.</param>
    /// <param name="weights">A factor for every number of the input's lines, by its place in the line; empty for none.</param>
    void Transform(FftDirection direction, in FftLines lines, Complex* input, Complex* output, ReadOnlySpan<double> weights = default);
}
