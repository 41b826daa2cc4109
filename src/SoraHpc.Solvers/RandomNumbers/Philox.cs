using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Solvers.RandomNumbers;

/// <summary>
/// Philox4x32-10: a bijection of 128-bit counters under a 64-bit key whose outputs pass as random. No state: the numbers of a counter
/// can be had anywhere, in any order.
/// </summary>
/// <remarks>Source: Salmon, Moraes, Dror and Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, SC'11.</remarks>
public static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;           // 2³² times the golden ratio and √3 − 1, what a key grows by in a round

    /// <summary>The four words of a counter: the plain definition.</summary>
    /// <param name="counter">Four words, the first least significant.</param>
    public static (uint X0, uint X1, uint X2, uint X3) Block((uint C0, uint C1, uint C2, uint C3) counter, ulong key)
    {
        (uint x0, uint x1, uint x2, uint x3) = counter;
        (uint key0, uint key1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < Rounds; round++, key0 += Weyl0, key1 += Weyl1)
        {
            ulong product0 = (ulong)Multiplier0 * x0, product1 = (ulong)Multiplier1 * x2;
            (x0, x1, x2, x3) = ((uint)(product1 >> 32) ^ x1 ^ key0, (uint)product1, (uint)(product0 >> 32) ^ x3 ^ key1, (uint)product0);
        }
        return (x0, x1, x2, x3);
    }

    /// <summary>Eight blocks side by side, those of counters <paramref name="first"/> + lane in the lower and <paramref name="stream"/> in the upper 64 bits.</summary>
    /// <returns>Words 1 and 0 of every block as one 64-bit number, and words 3 and 2.</returns>
    // A word sits in the lower half of a 64-bit lane. What lies in the upper half there never matters: the products take lower halves only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector512<ulong> Low, Vector512<ulong> High) Blocks(ulong first, ulong stream, ulong key)
    {
        Vector512<ulong> x0 = Vector512.Create(first) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7), x1 = x0 >>> 32;
        Vector512<ulong> x2 = Vector512.Create(stream), x3 = x2 >>> 32;
        Vector512<ulong> multiplier0 = Vector512.Create((ulong)Multiplier0), multiplier1 = Vector512.Create((ulong)Multiplier1);
        (uint key0, uint key1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < Rounds; round++, key0 += Weyl0, key1 += Weyl1)
        {
            Vector512<ulong> product0 = Product(multiplier0, x0), product1 = Product(multiplier1, x2);
            (x0, x1) = ((product1 >>> 32) ^ x1 ^ Vector512.Create((ulong)key0), product1);
            (x2, x3) = ((product0 >>> 32) ^ x3 ^ Vector512.Create((ulong)key1), product0);
        }
        Vector512<ulong> lower = Vector512.Create((ulong)uint.MaxValue);
        return (x0 & lower | x1 << 32, x2 & lower | x3 << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.IsSupported
        ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32())
        : (a & Vector512.Create((ulong)uint.MaxValue)) * (b & Vector512.Create((ulong)uint.MaxValue));
}
