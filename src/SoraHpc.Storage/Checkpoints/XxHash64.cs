using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A 64-bit hash for noticing damage, not for keeping out an attacker: XXH64 (Y. Collet, xxHash specification 0.1.1, 2018).</summary>
/// <remarks>Four independent chains of multiplications: one pass over memory at several bytes a cycle, without vectors.</remarks>
internal static class XxHash64
{
    private const ulong P1 = 0x9E3779B185EBCA87, P2 = 0xC2B2AE3D27D4EB4F, P3 = 0x165667B19E3779F9, P4 = 0x85EBCA77C2B2AE63, P5 = 0x27D4EB2F165667C5;
    private const int Stripe = 4 * sizeof(ulong);

    internal static ulong Of(ReadOnlySpan<byte> data, ulong seed = 0)
    {
        ulong hash = (data.Length >= Stripe ? Stripes(data, seed) : seed + P5) + (ulong)data.Length;
        return Avalanche(Tail(data[(data.Length / Stripe * Stripe)..], hash));
    }

    private static ulong Stripes(ReadOnlySpan<byte> data, ulong seed)
    {
        ulong a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;
        ref byte at = ref MemoryMarshal.GetReference(data);
        for (nint end = data.Length - Stripe, i = 0; i <= end; i += Stripe)
        {
            a = Round(a, Read(ref at, i));
            b = Round(b, Read(ref at, i + 8));
            c = Round(c, Read(ref at, i + 16));
            d = Round(d, Read(ref at, i + 24));
        }
        ulong hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        return Merge(Merge(Merge(Merge(hash, a), b), c), d);
    }

    private static ulong Tail(ReadOnlySpan<byte> rest, ulong hash)
    {
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
            hash = BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * P1 + P4;
        if (rest.Length >= sizeof(uint))
        {
            hash = BitOperations.RotateLeft(hash ^ BinaryPrimitives.ReadUInt32LittleEndian(rest) * P1, 23) * P2 + P3;
            rest = rest[sizeof(uint)..];
        }
        foreach (byte one in rest)
            hash = BitOperations.RotateLeft(hash ^ one * P5, 11) * P1;
        return hash;
    }

    private static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ hash >> 33) * P2;
        hash = (hash ^ hash >> 29) * P3;
        return hash ^ hash >> 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read(ref byte at, nint offset)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, offset));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + input * P2, 31) * P1;

    private static ulong Merge(ulong hash, ulong lane) => (hash ^ Round(0, lane)) * P1 + P4;
}
