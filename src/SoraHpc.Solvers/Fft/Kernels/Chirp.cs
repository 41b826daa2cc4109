using System.Numerics;
using SoraHpc.Communication;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>Tables for lengths with a prime factor above 7: the transform as a convolution with a chirp, of a length that has passes.</summary>
/// <remarks>Source: L. Bluestein, A linear filtering approach to the computation of discrete Fourier transform, IEEE Trans. AU-18 (1970).</remarks>
internal sealed unsafe class Chirp : IDisposable
{
    private readonly AlignedBuffer<Complex> factors, spectrum;

    internal Chirp(int length)
    {
        Padded = new(PaddedLength(length));
        factors = new(length);
        for (long j = 0; j < length; j++)
        {
            (double cos, double sin) = Roots.Of(j * j % (2L * length), 2L * length);
            factors.Address[j] = new(cos, sin);
        }
        int padded = Padded.Length;
        spectrum = new(padded);
        using AlignedBuffer<Complex> response = new(padded);
        for (int j = 0; j < length; j++)
            response.Address[j] = response.Address[(padded - j) % padded] = Complex.Conjugate(factors.Address[j]) / padded;
        using PanelTransform<Lanes.Lanes1> transform = new(Padded, null);
        transform.Run(FftDirection.Forward, FftLines.EndToEnd(1, padded), (double*)response.Address, (double*)spectrum.Address, Padded.Ones, default);
    }

    /// <summary>The convolution's length: the least with passes, at least 2n − 1.</summary>
    internal FftTables Padded { get; }

    /// <summary>e^(−πi·j²/n) as (re, im), n of them.</summary>
    internal double* Factors => (double*)factors.Address;

    /// <summary>The transform of the conjugate chirp, over the padded length.</summary>
    internal double* Spectrum => (double*)spectrum.Address;

    private static int PaddedLength(int length)
    {
        int padded = checked(2 * length - 1);
        while (padded % 4 != 0 || !FftTables.Has(padded))
            padded = checked(padded + 1);
        return padded;
    }

    public void Dispose()
    {
        foreach (IDisposable owned in (IDisposable[])[Padded, factors, spectrum])
            owned.Dispose();
    }
}
