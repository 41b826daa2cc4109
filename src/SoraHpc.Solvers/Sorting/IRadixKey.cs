namespace SoraHpc.Solvers.Sorting;

/// <summary>By what elements are sorted: an unsigned number that is less for what comes first. A struct type parameter, so that it is inlined.</summary>
/// <typeparam name="T">What is sorted: a number, or a record that carries its key.</typeparam>
public interface IRadixKey<T> where T : unmanaged
{
    static abstract ulong Of(in T element);
}

/// <summary>Unsigned integers, ascending.</summary>
public readonly struct UnsignedKey : IRadixKey<uint>, IRadixKey<ulong>
{
    public static ulong Of(in uint element) => element;

    public static ulong Of(in ulong element) => element;
}

/// <summary>Signed integers, ascending.</summary>
public readonly struct SignedKey : IRadixKey<int>, IRadixKey<long>
{
    public static ulong Of(in int element) => (uint)element ^ 0x8000_0000;

    public static ulong Of(in long element) => (ulong)element ^ 0x8000_0000_0000_0000;
}

/// <summary>Floating-point numbers, ascending: −∞ … −0, +0 … +∞, then NaN.</summary>
// Negative numbers get all their bits turned, positive ones the sign: without a branch, which would be guessed wrong half the time.
public readonly struct FloatKey : IRadixKey<float>, IRadixKey<double>
{
    public static ulong Of(in float element)
    {
        int bits = float.IsNaN(element) ? int.MaxValue : BitConverter.SingleToInt32Bits(element);
        return (uint)(bits ^ (bits >> 31 | int.MinValue));
    }

    public static ulong Of(in double element)
    {
        long bits = double.IsNaN(element) ? long.MaxValue : BitConverter.DoubleToInt64Bits(element);
        return (ulong)(bits ^ (bits >> 63 | long.MinValue));
    }
}
