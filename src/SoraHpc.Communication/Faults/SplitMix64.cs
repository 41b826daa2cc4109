namespace SoraHpc.Communication.Faults;

/// <summary>Random numbers that are the same for a seed, everywhere and for good.</summary>
/// <remarks>Source: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal struct SplitMix64(ulong seed)
{
    private ulong state = seed;

    internal ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>In [0, <paramref name="bound"/>); uneven by at most bound/2⁶⁴.</summary>
    internal long Below(long bound) => (long)Math.BigMul(Next(), (ulong)bound, out _);
}
