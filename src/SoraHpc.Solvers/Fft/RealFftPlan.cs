using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Fft.Kernels;

namespace SoraHpc.Solvers.Fft;

/// <summary>
/// Transforms of lines of real numbers of one length, odd or even, into the lower halves of their spectra and back: wave numbers 0 to n/2, the
/// others being their complex conjugates. An even length takes half the work of a complex line. One thread at a time uses it.
/// </summary>
/// <remarks>Source: W. H. Press et al., Numerical Recipes, section 12.3, for the even line; its bits depend on its own numbers only.</remarks>
public sealed unsafe class RealFftPlan : IDisposable
{
    private readonly PanelWidths widths;
    private readonly AlignedBuffer<double> turns;
    private readonly double[] scale;

    /// <param name="length">Numbers in a line, in [1, <see cref="FftPlan.Longest"/>].</param>
    /// <exception cref="UsageException">The length is out of range.</exception>
    public RealFftPlan(int length) : this(length, PanelWidths.Widest) { }

    /// <param name="lanes">Most lines at once: 1, 2, 4 or 8.</param>
    internal RealFftPlan(int length, int lanes)
    {
        Length = PanelWidths.Checked(length);
        bool even = length % 2 == 0;
        Divisor = even ? length / 2 : length;
        widths = new(Divisor, lanes);
        turns = new(even ? 2 * WaveNumbers : 0);
        for (int k = 0; 2 * k < turns.Length; k++)
        {
            (double cos, double sin) = Roots.Of(k, length);
            (turns.Address[2 * k], turns.Address[2 * k + 1]) = (0.5 * cos, 0.5 * sin);
        }
        scale = new double[WaveNumbers];
        Array.Fill(scale, 1.0 / Divisor);
    }

    /// <summary>Numbers in a line, ≥ 1.</summary>
    public int Length { get; }

    /// <summary>Wave numbers in half a spectrum: n/2 + 1, rounded down.</summary>
    public int WaveNumbers => Length / 2 + 1;

    /// <summary>What an inverse without weights must be divided by: the length of the complex transform below.</summary>
    internal int Divisor { get; }

    /// <summary>X[k] = Σ x[j]·e^(−2πi·jk/n) for k from 0 to n/2, of every line; lines lie end to end. Allocates nothing. Local.</summary>
    /// <param name="field">A multiple of <see cref="Length"/> numbers.</param>
    /// <param name="spectrum">As many lines of <see cref="WaveNumbers"/> complex numbers.</param>
    /// <exception cref="UsageException">The lengths do not fit.</exception>
    public void Forward(ReadOnlySpan<double> field, Span<Complex> spectrum)
    {
        int lines = Lines(field.Length, spectrum.Length);
        fixed (double* from = field)
        fixed (Complex* to = spectrum)
            Forward(lines, from, to);
    }

    /// <summary>x[j] = 1/n · Σ X[k]·e^(+2πi·jk/n) over all k, X[n − k] being the conjugate of X[k]; imaginary parts of X[0] and, of an even line,
    /// X[n/2] count as zero. Lines lie end to end. Allocates nothing. Local.</summary>
    /// <param name="spectrum">A multiple of <see cref="WaveNumbers"/> complex numbers.</param>
    /// <param name="field">As many lines of <see cref="Length"/> numbers.</param>
    /// <exception cref="UsageException">The lengths do not fit.</exception>
    public void Inverse(ReadOnlySpan<Complex> spectrum, Span<double> field)
    {
        int lines = Lines(field.Length, spectrum.Length);
        fixed (Complex* from = spectrum)
        fixed (double* to = field)
            Inverse(lines, from, to, scale);
    }

    // Traffic per number: 8 B read and 8 B written; the rest in the nearest cache.
    internal void Forward(int lines, double* field, Complex* spectrum)
    {
        int line = 0;
        BatchTraffic traffic = BatchTraffic.Of((long)lines * Length * sizeof(double), (long)lines * WaveNumbers * sizeof(Complex), inPlace: false);
        foreach (PanelTransform width in widths.Widths)
            for (; lines - line >= width.Lanes; line += width.Lanes)
                width.Halve(Length, field + (nint)line * Length, Length, (double*)(spectrum + (nint)line * WaveNumbers), 2 * WaveNumbers, turns.Address, traffic);
        if (traffic.BeyondCache)
            Interlocked.MemoryBarrier();        // as in FftPlan
    }

    /// <param name="weights">A factor for each wave number; with them the caller divides by <see cref="Divisor"/>.</param>
    internal void Inverse(int lines, Complex* spectrum, double* field, ReadOnlySpan<double> weights)
    {
        int line = 0;
        BatchTraffic traffic = BatchTraffic.Of((long)lines * WaveNumbers * sizeof(Complex), (long)lines * Length * sizeof(double), inPlace: false);
        fixed (double* factors = weights)
            foreach (PanelTransform width in widths.Widths)
                for (; lines - line >= width.Lanes; line += width.Lanes)
                    width.Restore(Length, (double*)(spectrum + (nint)line * WaveNumbers), 2 * WaveNumbers, field + (nint)line * Length, Length, turns.Address, factors, traffic);
        if (traffic.BeyondCache)
            Interlocked.MemoryBarrier();
    }

    private int Lines(int reals, int waves) => reals % Length == 0 && waves == reals / Length * WaveNumbers ? reals / Length
        : throw new UsageException($"a real FFT of length {Length} between {reals} numbers and {waves} of spectra: both must hold the same whole number of lines, of {Length} and {WaveNumbers}");

    public void Dispose()
    {
        foreach (IDisposable owned in (IDisposable[])[widths, turns])
            owned.Dispose();
    }
}
