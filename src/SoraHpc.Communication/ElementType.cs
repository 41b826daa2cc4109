using System.Numerics;
using System.Runtime.CompilerServices;

namespace SoraHpc.Communication;

/// <summary>What one element of a message is, to a transport: a number it can reduce, or opaque bytes.</summary>
public enum ElementKind : byte
{
    /// <summary>A blittable struct: moved whole, padding included; reducible only by a user-defined operation.</summary>
    Opaque,
    Int8, UInt8, Int16, UInt16, Int32, UInt32, Int64, UInt64,
    /// <summary>IEEE binary32.</summary>
    Single,
    /// <summary>IEEE binary64.</summary>
    Double,
    /// <summary><see cref="System.Numerics.Complex"/>: two IEEE binary64.</summary>
    Complex,
    /// <summary>One byte, false = 0.</summary>
    Boolean,
    /// <summary><see cref="Located{T}"/> of double: value and int index, C's <c>struct { double; int; }</c>.</summary>
    LocatedDouble,
    /// <summary><see cref="Located{T}"/> of float.</summary>
    LocatedSingle,
    /// <summary><see cref="Located{T}"/> of int.</summary>
    LocatedInt32,
}

/// <summary>Kind and size of one element; a JIT-time constant for every unmanaged type.</summary>
/// <param name="Kind">Number or opaque bytes.</param>
/// <param name="Size">Bytes per element, padding included.</param>
public readonly record struct ElementType(ElementKind Kind, int Size)
{
    /// <summary>How many <see cref="ElementKind"/>s there are: the length of a table indexed by kind.</summary>
    public const int Kinds = (int)ElementKind.LocatedInt32 + 1;

    /// <summary>The element type of <typeparamref name="T"/>. Enums travel as their underlying integer, char as UInt16.</summary>
    /// <remarks>The commonest types are compared here, which the JIT folds away even in code it compiles only once.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ElementType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(double) ? new(ElementKind.Double, sizeof(double))
        : typeof(T) == typeof(float) ? new(ElementKind.Single, sizeof(float))
        : typeof(T) == typeof(int) ? new(ElementKind.Int32, sizeof(int))
        : typeof(T) == typeof(long) ? new(ElementKind.Int64, sizeof(long))
        : typeof(T) == typeof(byte) ? new(ElementKind.UInt8, sizeof(byte))
        : new(KindOf<T>.Value, Unsafe.SizeOf<T>());

    private static class KindOf<T> where T : unmanaged
    {
        internal static readonly ElementKind Value = Find(typeof(T).IsEnum ? typeof(T).GetEnumUnderlyingType() : typeof(T));
    }

    private static ElementKind Find(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte => ElementKind.Int8,
        TypeCode.Byte => ElementKind.UInt8,
        TypeCode.Int16 => ElementKind.Int16,
        TypeCode.UInt16 or TypeCode.Char => ElementKind.UInt16,
        TypeCode.Int32 => ElementKind.Int32,
        TypeCode.UInt32 => ElementKind.UInt32,
        TypeCode.Int64 => ElementKind.Int64,
        TypeCode.UInt64 => ElementKind.UInt64,
        TypeCode.Single => ElementKind.Single,
        TypeCode.Double => ElementKind.Double,
        TypeCode.Boolean => ElementKind.Boolean,
        _ when type == typeof(nint) => ElementKind.Int64,
        _ when type == typeof(nuint) => ElementKind.UInt64,
        _ when type == typeof(Complex) => ElementKind.Complex,
        _ when type == typeof(Located<double>) => ElementKind.LocatedDouble,
        _ when type == typeof(Located<float>) => ElementKind.LocatedSingle,
        _ when type == typeof(Located<int>) => ElementKind.LocatedInt32,
        _ => ElementKind.Opaque,
    };
}

/// <summary>A value and where it is: the operand of <see cref="ReduceOperation.MinLocation"/> and <see cref="ReduceOperation.MaxLocation"/>.</summary>
/// <param name="Value">What is compared.</param>
/// <param name="Location">Rank or index; the smaller one wins a tie.</param>
public record struct Located<T>(T Value, int Location) where T : unmanaged;

/// <summary>Memory a transport reads from or writes to: address, element count and element type. Owns nothing.</summary>
/// <param name="address">Pinned or native memory; may be null when <paramref name="count"/> is 0.</param>
/// <param name="count">Elements, may exceed 2³¹.</param>
/// <param name="type">Of one element.</param>
public readonly unsafe struct Payload(void* address, nint count, ElementType type)
{
    public readonly void* Address = address;
    public readonly nint Count = count;
    public readonly ElementType Type = type;

    /// <summary>Length in bytes.</summary>
    public nint Bytes => Count * Type.Size;
}
