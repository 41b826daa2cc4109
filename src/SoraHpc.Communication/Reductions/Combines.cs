using System.Numerics;

namespace SoraHpc.Communication.Reductions;

// The predefined reductions, one struct each: a struct type parameter is inlined into the kernels.

internal readonly struct Sum<T> : IVectorCombine<T> where T : unmanaged, INumber<T>
{
    public static T Apply(T left, T right) => left + right;
    public static Vector<T> Apply(Vector<T> left, Vector<T> right) => left + right;
}

internal readonly struct Product<T> : IVectorCombine<T> where T : unmanaged, INumber<T>
{
    public static T Apply(T left, T right) => left * right;
    public static Vector<T> Apply(Vector<T> left, Vector<T> right) => left * right;
}

/// <summary>NaN wins, −0 is below +0, in both forms (IEEE 754-2019 minimum).</summary>
internal readonly struct Min<T> : IVectorCombine<T> where T : unmanaged, INumber<T>
{
    public static T Apply(T left, T right) => T.Min(left, right);
    public static Vector<T> Apply(Vector<T> left, Vector<T> right) => Vector.Min(left, right);
}

/// <summary>NaN wins, +0 is above −0, in both forms (IEEE 754-2019 maximum).</summary>
internal readonly struct Max<T> : IVectorCombine<T> where T : unmanaged, INumber<T>
{
    public static T Apply(T left, T right) => T.Max(left, right);
    public static Vector<T> Apply(Vector<T> left, Vector<T> right) => Vector.Max(left, right);
}

internal readonly struct BitwiseAnd<T> : IVectorCombine<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T left, T right) => left & right;
    public static Vector<T> Apply(Vector<T> left, Vector<T> right) => left & right;
}

internal readonly struct BitwiseOr<T> : IVectorCombine<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T left, T right) => left | right;
    public static Vector<T> Apply(Vector<T> left, Vector<T> right) => left | right;
}

internal readonly struct BitwiseXor<T> : IVectorCombine<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T left, T right) => left ^ right;
    public static Vector<T> Apply(Vector<T> left, Vector<T> right) => left ^ right;
}

internal readonly struct LogicalAnd<T> : ICombine<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T left, T right) => left != T.Zero && right != T.Zero ? T.One : T.Zero;
}

internal readonly struct LogicalOr<T> : ICombine<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T left, T right) => left != T.Zero || right != T.Zero ? T.One : T.Zero;
}

internal readonly struct LogicalXor<T> : ICombine<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T left, T right) => left != T.Zero ^ right != T.Zero ? T.One : T.Zero;
}

internal readonly struct ComplexSum : ICombine<Complex>
{
    public static Complex Apply(Complex left, Complex right) => left + right;
}

internal readonly struct ComplexProduct : ICombine<Complex>
{
    public static Complex Apply(Complex left, Complex right) => left * right;
}

internal readonly struct MinLocation<T> : ICombine<Located<T>> where T : unmanaged, INumber<T>
{
    public static Located<T> Apply(Located<T> left, Located<T> right) =>
        left.Value < right.Value || left.Value == right.Value && left.Location <= right.Location ? left : right;
}

internal readonly struct MaxLocation<T> : ICombine<Located<T>> where T : unmanaged, INumber<T>
{
    public static Located<T> Apply(Located<T> left, Located<T> right) =>
        left.Value > right.Value || left.Value == right.Value && left.Location <= right.Location ? left : right;
}
