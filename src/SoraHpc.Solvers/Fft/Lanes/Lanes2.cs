using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Solvers.Fft.Lanes;

/// <summary>Two lanes: SSE2, NEON. Portable; the instructions named say in one what the portable form says in several.</summary>
internal readonly unsafe struct Lanes2(Vector128<double> value) : ILanes<Lanes2>
{
    private readonly Vector128<double> value = value;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Broadcast(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Load(double* from) => new(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes2 value, double* to) => value.value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 operator +(Lanes2 a, Lanes2 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 operator -(Lanes2 a, Lanes2 b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 operator *(Lanes2 a, Lanes2 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 MultiplyAdd(Lanes2 a, Lanes2 b, Lanes2 c) => new(Vector128.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 NegatedMultiplyAdd(Lanes2 a, Lanes2 b, Lanes2 c) => new(Fma.IsSupported
        ? Fma.MultiplyAddNegated(a.value, b.value, c.value)
        : Vector128.FusedMultiplyAdd(-a.value, b.value, c.value));

    // Unpacking takes the even and the odd doubles of the two halves in turn: re = (z0, z1, z1, …), and its own inverse puts them back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadComplex(double* from, out Lanes2 re, out Lanes2 im)
    {
        Vector128<double> low = Vector128.Load(from), high = Vector128.Load(from + 2);
        (re, im) = (new(UnpackLow(low, high)), new(UnpackHigh(low, high)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreComplex(Lanes2 re, Lanes2 im, double* to)
    {
        UnpackLow(re.value, im.value).Store(to);
        UnpackHigh(re.value, im.value).Store(to + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> UnpackLow(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a.GetElement(0), b.GetElement(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> UnpackHigh(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a.GetElement(1), b.GetElement(1));
}
