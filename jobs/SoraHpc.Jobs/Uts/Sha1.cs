using System.Numerics;

namespace SoraHpc.Jobs.Uts;

/// <summary>SHA-1 of messages that fit one block, one after the other: the definition the vectorised hash is held to.</summary>
/// <remarks>Source: NIST FIPS 180-4, section 6.1. Words are big-endian, as the standard numbers them.</remarks>
internal static class Sha1
{
    /// <summary>Words of a digest.</summary>
    internal const int DigestWords = 5;

    /// <summary>The digest of a message of whole words, at most 13: with its end mark and length it must fit 16.</summary>
    internal static void Hash(ReadOnlySpan<uint> message, Span<uint> digest)
    {
        Span<uint> w = stackalloc uint[80];
        w[..16].Clear();
        message.CopyTo(w);
        w[message.Length] = 0x80000000;
        w[15] = (uint)message.Length * 32;
        for (int t = 16; t < 80; t++)
            w[t] = BitOperations.RotateLeft(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        (uint a, uint b, uint c, uint d, uint e) = (0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u);
        for (int t = 0; t < 80; t++)
        {
            (uint mixed, uint k) = t switch
            {
                < 20 => (b & c | ~b & d, 0x5a827999u),
                < 40 => (b ^ c ^ d, 0x6ed9eba1u),
                < 60 => (b & c | b & d | c & d, 0x8f1bbcdcu),
                _ => (b ^ c ^ d, 0xca62c1d6u),
            };
            uint next = BitOperations.RotateLeft(a, 5) + mixed + e + k + w[t];
            (a, b, c, d, e) = (next, a, BitOperations.RotateLeft(b, 30), c, d);
        }
        (digest[0], digest[1], digest[2], digest[3], digest[4]) = (a + 0x67452301, b + 0xefcdab89, c + 0x98badcfe, d + 0x10325476, e + 0xc3d2e1f0);
    }
}
