namespace SoraHpc.Solvers.Fft;

/// <summary>Where the lines of a batch lie: element j of line i is at i·distance + j·stride. All in complex numbers of 16 B.</summary>
/// <param name="Count">Lines, ≥ 0.</param>
/// <param name="InputStride">From an element of a line to the next.</param>
/// <param name="InputDistance">From a line to the next. Fast where this is 1 in input and output, or where both strides are.</param>
/// <param name="OutputStride">As the input's.</param>
/// <param name="OutputDistance">As the input's.</param>
public readonly record struct FftLines(int Count, nint InputStride, nint InputDistance, nint OutputStride, nint OutputDistance)
{
    /// <summary>Lines one after the other, each contiguous.</summary>
    public static FftLines EndToEnd(int count, int length) => new(count, 1, length, 1, length);

    /// <summary>Whether lines lie beside each other in input and output.</summary>
    internal bool AreSideBySide => InputDistance == 1 && OutputDistance == 1;

    /// <summary>Lines beside each other: the columns of a matrix of <paramref name="stride"/> columns.</summary>
    public static FftLines SideBySide(int count, nint stride) => new(count, stride, 1, stride, 1);
}
