namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>Random numbers by index: the n-th number of a seed without the ones before it, so that ranks need not agree on an order.</summary>
/// <remarks>Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014 (SplitMix64).</remarks>
internal readonly struct IndexedRandom(long seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    internal double Uniform(long index)
    {
        ulong z = Mix((ulong)seed) + ((ulong)index + 1) * GoldenGamma;
        return (Mix(z) >> 11) * (1.0 / (1L << 53));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
