using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Solvers.Fft.Lanes;

/// <summary>Four lanes: AVX. Portable; the x86 instructions named say in one what the portable form says in several.</summary>
internal readonly unsafe struct Lanes4(Vector256<double> value) : ILanes<Lanes4>
{
    private readonly Vector256<double> value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Broadcast(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Load(double* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes4 value, double* to) => value.value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBeyondCache(Lanes4 value, double* to) => value.value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator +(Lanes4 a, Lanes4 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator -(Lanes4 a, Lanes4 b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator *(Lanes4 a, Lanes4 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 MultiplyAdd(Lanes4 a, Lanes4 b, Lanes4 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 NegatedMultiplyAdd(Lanes4 a, Lanes4 b, Lanes4 c) => new(Fma.IsSupported
        ? Fma.MultiplyAddNegated(a.value, b.value, c.value)
        : Vector256.FusedMultiplyAdd(-a.value, b.value, c.value));

    // Unpacking takes the even and the odd doubles of the two halves in turn: re = (z0, z2, z1, …), and its own inverse puts them back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadComplex(double* from, out Lanes4 re, out Lanes4 im)
    {
        Vector256<double> low = Vector256.Load(from), high = Vector256.Load(from + 4);
        (re, im) = (new(UnpackLow(low, high)), new(UnpackHigh(low, high)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreComplex(Lanes4 re, Lanes4 im, double* to)
    {
        UnpackLow(re.value, im.value).Store(to);
        UnpackHigh(re.value, im.value).Store(to + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(double* from, nint fromRow, double* to, nint toRow)
    {
        Vector256<double> a0 = Vector256.Load(from), a1 = Vector256.Load(from + fromRow);
        Vector256<double> a2 = Vector256.Load(from + 2 * fromRow), a3 = Vector256.Load(from + 3 * fromRow);
        Vector256<double> b0 = UnpackLow(a0, a1), b1 = UnpackHigh(a0, a1), b2 = UnpackLow(a2, a3), b3 = UnpackHigh(a2, a3);
        Vector256.Create(b0.GetLower(), b2.GetLower()).Store(to);
        Vector256.Create(b1.GetLower(), b3.GetLower()).Store(to + toRow);
        Vector256.Create(b0.GetUpper(), b2.GetUpper()).Store(to + 2 * toRow);
        Vector256.Create(b1.GetUpper(), b3.GetUpper()).Store(to + 3 * toRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> UnpackLow(Vector256<double> a, Vector256<double> b) => Avx.IsSupported
        ? Avx.UnpackLow(a, b) : Vector256.Create(Lanes2.UnpackLow(a.GetLower(), b.GetLower()), Lanes2.UnpackLow(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> UnpackHigh(Vector256<double> a, Vector256<double> b) => Avx.IsSupported
        ? Avx.UnpackHigh(a, b) : Vector256.Create(Lanes2.UnpackHigh(a.GetLower(), b.GetLower()), Lanes2.UnpackHigh(a.GetUpper(), b.GetUpper()));
}
