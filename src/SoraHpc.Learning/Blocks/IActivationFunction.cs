using System.Numerics;

namespace SoraHpc.Learning.Blocks;

/// <summary>A function of one number and its slope, a vector at a time.</summary>
internal interface IActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract Vector<T> Value(Vector<T> x);

    /// <summary>At <paramref name="x"/>, where the value is <paramref name="y"/>.</summary>
    static abstract Vector<T> Slope(Vector<T> x, Vector<T> y);
}

internal readonly struct Relu<T> : IActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Not a number stays what it is: a fault must show.
    public static Vector<T> Value(Vector<T> x) => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x);

    public static Vector<T> Slope(Vector<T> x, Vector<T> y) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, Vector<T>.Zero);
}

internal readonly struct Tanh<T> : IActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Vector<T> Value(Vector<T> x) => Elementary.Tanh(x);

    public static Vector<T> Slope(Vector<T> x, Vector<T> y) => Vector<T>.One - y * y;
}

internal readonly struct Sigmoid<T> : IActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Vector<T> Value(Vector<T> x) => Elementary.Sigmoid(x);

    public static Vector<T> Slope(Vector<T> x, Vector<T> y) => y * (Vector<T>.One - y);
}

internal readonly struct Gelu<T> : IActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T Half = T.CreateChecked(0.5), Cubic = T.CreateChecked(0.044715), Outer = T.Sqrt(T.CreateChecked(2 / Math.PI));

    public static Vector<T> Value(Vector<T> x) => x * Half * (Vector<T>.One + Bend(x));

    public static Vector<T> Slope(Vector<T> x, Vector<T> y)
    {
        Vector<T> bend = Bend(x), inner = (Vector<T>.One + x * x * (Cubic * T.CreateChecked(3))) * Outer;
        return (Vector<T>.One + bend + x * (Vector<T>.One - bend * bend) * inner) * Half;
    }

    private static Vector<T> Bend(Vector<T> x) => Elementary.Tanh((x + x * x * x * Cubic) * Outer);
}
