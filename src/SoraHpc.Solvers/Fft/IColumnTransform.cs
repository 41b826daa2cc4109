using System.Numerics;

namespace SoraHpc.Solvers.Fft;

/// <summary>The lines a distributed transform begins with and its inverse ends with: the only ones that know what a field is made of.</summary>
internal unsafe interface IColumnTransform : IDisposable
{
    /// <summary>Bytes of a number of the field.</summary>
    int FieldBytes { get; }

    /// <summary>What the inverse must be divided by.</summary>
    int Divisor { get; }

    /// <summary>Lines of the field, end to end, into lines of the spectrum. Allocates nothing. Local.</summary>
    void Forward(int lines, void* field, Complex* spectrum);

    /// <summary>The inverse, of the spectrum times a factor for each wave number; what it reads need not survive.</summary>
    void Inverse(int lines, Complex* spectrum, void* field, ReadOnlySpan<double> weights);
}

/// <summary>Columns of complex numbers.</summary>
internal sealed unsafe class ComplexColumns(ILocalFft fft) : IColumnTransform
{
    public int FieldBytes => sizeof(Complex);

    public int Divisor => fft.Length;

    public void Forward(int lines, void* field, Complex* spectrum) =>
        fft.Transform(FftDirection.Forward, FftLines.EndToEnd(lines, fft.Length), (Complex*)field, spectrum);

    public void Inverse(int lines, Complex* spectrum, void* field, ReadOnlySpan<double> weights) =>
        fft.Transform(FftDirection.Inverse, FftLines.EndToEnd(lines, fft.Length), spectrum, (Complex*)field, weights);

    public void Dispose() => fft.Dispose();
}

/// <summary>Columns of real numbers: half a spectrum.</summary>
internal sealed unsafe class RealColumns(RealFftPlan fft) : IColumnTransform
{
    public int FieldBytes => sizeof(double);

    public int Divisor => fft.Divisor;

    public void Forward(int lines, void* field, Complex* spectrum) => fft.Forward(lines, (double*)field, spectrum);

    public void Inverse(int lines, Complex* spectrum, void* field, ReadOnlySpan<double> weights) => fft.Inverse(lines, spectrum, (double*)field, weights);

    public void Dispose() => fft.Dispose();
}
