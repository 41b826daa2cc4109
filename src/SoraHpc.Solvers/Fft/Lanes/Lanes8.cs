using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Solvers.Fft.Lanes;

/// <summary>Eight lanes: AVX-512. Portable; the x86 instructions named say in one what the portable form says in several.</summary>
internal readonly unsafe struct Lanes8(Vector512<double> value) : ILanes<Lanes8>
{
    private readonly Vector512<double> value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Broadcast(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(double* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes8 value, double* to) => value.value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBeyondCache(Lanes8 value, double* to) => value.value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator -(Lanes8 a, Lanes8 b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 MultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 NegatedMultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Avx512F.IsSupported
        ? Avx512F.FusedMultiplyAddNegated(a.value, b.value, c.value)
        : Vector512.FusedMultiplyAdd(-a.value, b.value, c.value));

    // Unpacking takes the even and the odd doubles of the two halves in turn: re = (z0, z4, z1, …), and its own inverse puts them back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadComplex(double* from, out Lanes8 re, out Lanes8 im)
    {
        Vector512<double> low = Vector512.Load(from), high = Vector512.Load(from + 8);
        (re, im) = (new(UnpackLow(low, high)), new(UnpackHigh(low, high)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreComplex(Lanes8 re, Lanes8 im, double* to)
    {
        UnpackLow(re.value, im.value).Store(to);
        UnpackHigh(re.value, im.value).Store(to + 8);
    }

    // Three rounds of exchanges: between neighbours, between pairs, between halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(double* from, nint fromRow, double* to, nint toRow)
    {
        Vector512<double> a0 = Vector512.Load(from), a1 = Vector512.Load(from + fromRow);
        Vector512<double> a2 = Vector512.Load(from + 2 * fromRow), a3 = Vector512.Load(from + 3 * fromRow);
        Vector512<double> a4 = Vector512.Load(from + 4 * fromRow), a5 = Vector512.Load(from + 5 * fromRow);
        Vector512<double> a6 = Vector512.Load(from + 6 * fromRow), a7 = Vector512.Load(from + 7 * fromRow);
        Vector512<double> b0 = UnpackLow(a0, a1), b1 = UnpackHigh(a0, a1), b2 = UnpackLow(a2, a3), b3 = UnpackHigh(a2, a3);
        Vector512<double> b4 = UnpackLow(a4, a5), b5 = UnpackHigh(a4, a5), b6 = UnpackLow(a6, a7), b7 = UnpackHigh(a6, a7);
        Vector512<double> c0 = EvenPairs(b0, b2), c1 = EvenPairs(b1, b3), c2 = OddPairs(b0, b2), c3 = OddPairs(b1, b3);
        Vector512<double> c4 = EvenPairs(b4, b6), c5 = EvenPairs(b5, b7), c6 = OddPairs(b4, b6), c7 = OddPairs(b5, b7);
        EvenPairs(c0, c4).Store(to);
        EvenPairs(c1, c5).Store(to + toRow);
        EvenPairs(c2, c6).Store(to + 2 * toRow);
        EvenPairs(c3, c7).Store(to + 3 * toRow);
        OddPairs(c0, c4).Store(to + 4 * toRow);
        OddPairs(c1, c5).Store(to + 5 * toRow);
        OddPairs(c2, c6).Store(to + 6 * toRow);
        OddPairs(c3, c7).Store(to + 7 * toRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> UnpackLow(Vector512<double> a, Vector512<double> b) => Avx512F.IsSupported
        ? Avx512F.UnpackLow(a, b) : Vector512.Create(Lanes4.UnpackLow(a.GetLower(), b.GetLower()), Lanes4.UnpackLow(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> UnpackHigh(Vector512<double> a, Vector512<double> b) => Avx512F.IsSupported
        ? Avx512F.UnpackHigh(a, b) : Vector512.Create(Lanes4.UnpackHigh(a.GetLower(), b.GetLower()), Lanes4.UnpackHigh(a.GetUpper(), b.GetUpper()));

    // Pairs 0 and 2 of a, then of b; pairs 1 and 3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> EvenPairs(Vector512<double> a, Vector512<double> b) => Avx512F.IsSupported
        ? Avx512F.Shuffle4x128(a, b, 0b10_00_10_00)
        : Vector512.Create(Vector256.Create(a.GetLower().GetLower(), a.GetUpper().GetLower()), Vector256.Create(b.GetLower().GetLower(), b.GetUpper().GetLower()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> OddPairs(Vector512<double> a, Vector512<double> b) => Avx512F.IsSupported
        ? Avx512F.Shuffle4x128(a, b, 0b11_01_11_01)
        : Vector512.Create(Vector256.Create(a.GetLower().GetUpper(), a.GetUpper().GetUpper()), Vector256.Create(b.GetLower().GetUpper(), b.GetUpper().GetUpper()));
}
