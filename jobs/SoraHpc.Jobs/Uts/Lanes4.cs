using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Jobs.Uts;

/// <summary>Four lanes: what every processor with vectors has. Portable; the x86 instructions named only say in one what the portable form says in several.</summary>
internal readonly unsafe struct Lanes4 : ILanes<Vector128<uint>>
{
    // Truth tables of three-operand logic, one bit for each value of (a, b, c).
    private const byte ParityTable = 0x96, ChooseTable = 0xca, MajorityTable = 0xe8;

    public static int Count => 4;

    public static Vector128<uint> Numbers => Vector128<uint>.Indices;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Broadcast(uint value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(uint* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<uint> value, uint* to) => Vector128.Store(value, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> a, Vector128<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Parity(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, ParityTable) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Choose(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, ChooseTable) : c ^ (a & (b ^ c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Majority(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, MajorityTable) : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft1(Vector128<uint> a) => Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(a, 1) : a + a | a >>> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft5(Vector128<uint> a) => Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(a, 5) : a << 5 | a >>> 27;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft30(Vector128<uint> a) => Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(a, 30) : a << 30 | a >>> 2;

    // Below the range the difference wraps round to more than any width.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint InRange(Vector128<uint> a, Vector128<uint> lower, Vector128<uint> width) =>
        (uint)Vector128.LessThan((a & Vector128.Create(0x7fffffffu)) - lower, width).ExtractMostSignificantBits();
}
