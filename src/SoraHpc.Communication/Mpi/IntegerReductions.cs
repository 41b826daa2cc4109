using System.Numerics;

namespace SoraHpc.Communication.Mpi;

/// <summary>Reductions of integers that a library gets wrong, as plain loops: sums wrap around.</summary>
internal static class IntegerReductions
{
    internal static ReduceOperation Create(ReduceKind kind, ElementKind element) => element switch
    {
        ElementKind.Int8 => Create<sbyte>(kind),
        ElementKind.UInt8 => Create<byte>(kind),
        ElementKind.Int16 => Create<short>(kind),
        ElementKind.UInt16 => Create<ushort>(kind),
        ElementKind.UInt32 => Create<uint>(kind),
        ElementKind.UInt64 => Create<ulong>(kind),
        _ => throw new ArgumentOutOfRangeException(nameof(element)),
    };

    private static ReduceOperation Create<T>(ReduceKind kind) where T : unmanaged, IBinaryInteger<T> => kind switch
    {
        ReduceKind.Sum => ReduceOperation.Create<T>(Add),
        ReduceKind.Min => ReduceOperation.Create<T>(Min),
        ReduceKind.Max => ReduceOperation.Create<T>(Max),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static void Add<T>(ReadOnlySpan<T> left, Span<T> right) where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < right.Length; i++)
            right[i] = unchecked(left[i] + right[i]);
    }

    private static void Min<T>(ReadOnlySpan<T> left, Span<T> right) where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < right.Length; i++)
            right[i] = T.Min(left[i], right[i]);
    }

    private static void Max<T>(ReadOnlySpan<T> left, Span<T> right) where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < right.Length; i++)
            right[i] = T.Max(left[i], right[i]);
    }
}
