namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>Where a pass takes its numbers from. A struct type parameter: the first pass reads what the caller gave, in digit-reversed
/// order and weighted; later ones the panel, with twiddle factors.</summary>
internal interface IPassInput<T>
{
    /// <summary>The number at a place of the panel, the first of a butterfly: it has no twiddle factor.</summary>
    void LoadFirst(int place, out T re, out T im);

    /// <summary>The number at a place of the panel, times twiddle factor number <paramref name="twiddle"/>.</summary>
    void Load(int place, int twiddle, out T re, out T im);
}
