using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Jobs.Uts;

/// <summary>Eight lanes: AVX2; three-operand logic and rotations where the processor also has AVX-512VL. Portable; the x86 instructions named only say in one what the portable form says in several.</summary>
internal readonly unsafe struct Lanes8 : ILanes<Vector256<uint>>
{
    // Truth tables of three-operand logic, one bit for each value of (a, b, c).
    private const byte ParityTable = 0x96, ChooseTable = 0xca, MajorityTable = 0xe8;

    public static int Count => 8;

    public static Vector256<uint> Numbers => Vector256<uint>.Indices;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Broadcast(uint value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Load(uint* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<uint> value, uint* to) => Vector256.Store(value, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Parity(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, ParityTable) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Choose(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, ChooseTable) : c ^ (a & (b ^ c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Majority(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, MajorityTable) : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateLeft1(Vector256<uint> a) => Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(a, 1) : a + a | a >>> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateLeft5(Vector256<uint> a) => Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(a, 5) : a << 5 | a >>> 27;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateLeft30(Vector256<uint> a) => Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(a, 30) : a << 30 | a >>> 2;

    // Below the range the difference wraps round to more than any width.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint InRange(Vector256<uint> a, Vector256<uint> lower, Vector256<uint> width) =>
        (uint)Vector256.LessThan((a & Vector256.Create(0x7fffffffu)) - lower, width).ExtractMostSignificantBits();
}
