using System.Numerics;
using System.Runtime.CompilerServices;

namespace SoraHpc.Jobs.Uts;

/// <summary>One lane: a word, for processors without vectors and for comparison.</summary>
internal readonly unsafe struct Lanes1 : ILanes<uint>
{
    public static int Count => 1;

    public static uint Numbers => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Broadcast(uint value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Load(uint* from) => *from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint value, uint* to) => *to = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Add(uint a, uint b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Xor(uint a, uint b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Parity(uint a, uint b, uint c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Choose(uint a, uint b, uint c) => c ^ (a & (b ^ c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Majority(uint a, uint b, uint c) => (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateLeft1(uint a) => BitOperations.RotateLeft(a, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateLeft5(uint a) => BitOperations.RotateLeft(a, 5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateLeft30(uint a) => BitOperations.RotateLeft(a, 30);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint InRange(uint a, uint lower, uint width) => (a & 0x7fffffff) - lower < width ? 1u : 0u;
}
