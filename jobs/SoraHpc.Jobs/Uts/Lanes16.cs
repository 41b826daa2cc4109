using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Jobs.Uts;

/// <summary>Sixteen lanes: AVX-512. Portable; the x86 instructions named only say in one what the portable form says in several.</summary>
internal readonly unsafe struct Lanes16 : ILanes<Vector512<uint>>
{
    // Truth tables of three-operand logic, one bit for each value of (a, b, c).
    private const byte ParityTable = 0x96, ChooseTable = 0xca, MajorityTable = 0xe8;

    public static int Count => 16;

    public static Vector512<uint> Numbers => Vector512<uint>.Indices;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Broadcast(uint value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load(uint* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<uint> value, uint* to) => Vector512.Store(value, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Parity(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.IsSupported ? Avx512F.TernaryLogic(a, b, c, ParityTable) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Choose(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.IsSupported ? Avx512F.TernaryLogic(a, b, c, ChooseTable) : c ^ (a & (b ^ c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Majority(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.IsSupported ? Avx512F.TernaryLogic(a, b, c, MajorityTable) : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateLeft1(Vector512<uint> a) => Avx512F.IsSupported ? Avx512F.RotateLeft(a, 1) : a + a | a >>> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateLeft5(Vector512<uint> a) => Avx512F.IsSupported ? Avx512F.RotateLeft(a, 5) : a << 5 | a >>> 27;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateLeft30(Vector512<uint> a) => Avx512F.IsSupported ? Avx512F.RotateLeft(a, 30) : a << 30 | a >>> 2;

    // Below the range the difference wraps round to more than any width.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint InRange(Vector512<uint> a, Vector512<uint> lower, Vector512<uint> width) =>
        (uint)Vector512.LessThan((a & Vector512.Create(0x7fffffffu)) - lower, width).ExtractMostSignificantBits();
}
