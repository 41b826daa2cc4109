using System.Runtime.CompilerServices;

namespace SoraHpc.Communication;

/// <summary>The predefined reductions; <see cref="User"/> marks one made by <see cref="ReduceOperation.Create{T}(Func{T, T, T}, bool)"/>.</summary>
public enum ReduceKind : byte
{
    User, Sum, Product, Min, Max, LogicalAnd, LogicalOr, LogicalXor, BitwiseAnd, BitwiseOr, BitwiseXor, MinLocation, MaxLocation,
    /// <summary>One-sided only: the new value replaces the old.</summary>
    Replace,
    /// <summary>One-sided only: the old value is fetched and stays.</summary>
    NoOperation,
}

/// <summary>Combines element i of <paramref name="left"/> into element i of <paramref name="right"/>: right = left ∘ right, left from the lower rank.</summary>
public delegate void Combine<T>(ReadOnlySpan<T> left, Span<T> right) where T : unmanaged;

/// <summary>An element-wise reduction. Predefined ones are static; a user-defined one is made once and kept.</summary>
public sealed unsafe class ReduceOperation
{
    /// <summary>The untyped form of <see cref="Combine{T}"/> that transports call: count elements from left into right.</summary>
    public delegate void UntypedCombine(void* left, void* right, nint count);

    private ReduceOperation(ReduceKind kind) => Kind = kind;

    private ReduceOperation(UntypedCombine combine, ElementType element, bool commutative)
    {
        UserCombine = combine;
        UserElement = element;
        IsCommutative = commutative;
    }

    /// <summary>Σ, on numbers. Of floating-point numbers it depends on the order in which a transport adds; <see cref="Reductions.ExactSum"/> does not.</summary>
    public static readonly ReduceOperation Sum = new(ReduceKind.Sum);
    /// <summary>Π, on numbers.</summary>
    public static readonly ReduceOperation Product = new(ReduceKind.Product);
    /// <summary>The smallest, on real numbers.</summary>
    public static readonly ReduceOperation Min = new(ReduceKind.Min);
    /// <summary>The largest, on real numbers.</summary>
    public static readonly ReduceOperation Max = new(ReduceKind.Max);
    /// <summary>Whether all are true, not 0; on integers and <see cref="bool"/>.</summary>
    public static readonly ReduceOperation LogicalAnd = new(ReduceKind.LogicalAnd);
    /// <summary>Whether any is true, not 0; on integers and <see cref="bool"/>.</summary>
    public static readonly ReduceOperation LogicalOr = new(ReduceKind.LogicalOr);
    /// <summary>Whether an odd number of them are true, not 0; on integers and <see cref="bool"/>.</summary>
    public static readonly ReduceOperation LogicalXor = new(ReduceKind.LogicalXor);
    /// <summary>The bits set in all; on integers.</summary>
    public static readonly ReduceOperation BitwiseAnd = new(ReduceKind.BitwiseAnd);
    /// <summary>The bits set in any; on integers.</summary>
    public static readonly ReduceOperation BitwiseOr = new(ReduceKind.BitwiseOr);
    /// <summary>The bits set in an odd number of them; on integers.</summary>
    public static readonly ReduceOperation BitwiseXor = new(ReduceKind.BitwiseXor);
    /// <summary>Smallest value with its location, of equal ones the lowest location; elements are <see cref="Located{T}"/>.</summary>
    public static readonly ReduceOperation MinLocation = new(ReduceKind.MinLocation);
    /// <summary>Largest value with its location, of equal ones the lowest location; elements are <see cref="Located{T}"/>.</summary>
    public static readonly ReduceOperation MaxLocation = new(ReduceKind.MaxLocation);
    /// <summary>One-sided only: the new value replaces the old. On all types.</summary>
    public static readonly ReduceOperation Replace = new(ReduceKind.Replace);
    /// <summary>One-sided only: the old value is fetched and stays. On all types.</summary>
    public static readonly ReduceOperation NoOperation = new(ReduceKind.NoOperation);

    /// <summary>Which predefined reduction this is.</summary>
    public ReduceKind Kind { get; }

    /// <summary>True when the operands' order does not matter; a transport may then combine in any order.</summary>
    public bool IsCommutative { get; } = true;

    /// <summary>What a user-defined operation runs; null for a predefined one.</summary>
    public UntypedCombine? UserCombine { get; }

    /// <summary>The element a user-defined operation was made for.</summary>
    public ElementType UserElement { get; }

    /// <summary>A reduction of single elements: combine(left, right), left from the lower rank. Must be associative. Local; the same on every rank that uses it.</summary>
    /// <param name="combine">Called once for every element, by whichever rank combines.</param>
    /// <param name="commutative">False where the order of operands matters: then it is kept, in rank order.</param>
    public static ReduceOperation Create<T>(Func<T, T, T> combine, bool commutative = true) where T : unmanaged =>
        Create<T>((left, right) =>
        {
            for (int i = 0; i < right.Length; i++)
                right[i] = combine(left[i], right[i]);
        }, commutative);

    /// <summary>A reduction of whole vectors, for combines worth vectorising. Must be associative and element-wise. Local; the same on every rank that uses it.</summary>
    /// <param name="combine">Gets a message whole or in parts.</param>
    /// <param name="commutative">False where the order of operands matters: then it is kept, in rank order.</param>
    public static ReduceOperation Create<T>(Combine<T> combine, bool commutative = true) where T : unmanaged =>
        new((left, right, count) =>
        {
            for (nint done = 0; done < count;)
            {
                int part = (int)Math.Min(count - done, int.MaxValue);
                combine(new ReadOnlySpan<T>((T*)left + done, part), new Span<T>((T*)right + done, part));
                done += part;
            }
        }, ElementType.Of<T>(), commutative);

    /// <summary>Whether this operation is defined on elements of this type (the standard's table of operand types).</summary>
    public bool Accepts(ElementType type) => Kind switch
    {
        ReduceKind.User => type == UserElement,
        ReduceKind.Replace or ReduceKind.NoOperation => true,
        ReduceKind.Sum or ReduceKind.Product => type.Kind is >= ElementKind.Int8 and <= ElementKind.Complex,
        ReduceKind.Min or ReduceKind.Max => type.Kind is >= ElementKind.Int8 and <= ElementKind.Double,
        ReduceKind.LogicalAnd or ReduceKind.LogicalOr or ReduceKind.LogicalXor =>
            type.Kind is >= ElementKind.Int8 and <= ElementKind.UInt64 or ElementKind.Boolean,
        ReduceKind.BitwiseAnd or ReduceKind.BitwiseOr or ReduceKind.BitwiseXor => type.Kind is >= ElementKind.Int8 and <= ElementKind.UInt64,
        _ => type.Kind is >= ElementKind.LocatedDouble and <= ElementKind.LocatedInt32,
    };

    /// <inheritdoc/>
    public override string ToString() => Kind == ReduceKind.User ? $"user-defined reduction of {UserElement.Size} B elements" : Kind.ToString();
}
