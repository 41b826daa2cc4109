using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Eigen;

/// <summary>Vectors to begin with: numbers in (−1, 1) scrambled from the global row, so the same however the rows are cut.</summary>
/// <remarks>The scrambling is SplitMix64: Steele, Lea and Flood, OOPSLA 2014.</remarks>
internal static class StartVector
{
    internal static void Fill(DistributedVector vector, ulong seed)
    {
        Span<double> local = vector.Local;
        for (int i = 0; i < local.Length; i++)
        {
            ulong bits = ((ulong)(vector.Layout.Begin + i) + 1) * 0x9E3779B97F4A7C15 + seed * 0xD1B54A32D192ED03;
            bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ bits >> 27) * 0x94D049BB133111EB;
            local[i] = (long)(bits ^ bits >> 31) * (1.0 / (1UL << 63));
        }
    }
}
