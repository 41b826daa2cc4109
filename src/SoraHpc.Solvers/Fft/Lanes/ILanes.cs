namespace SoraHpc.Solvers.Fft.Lanes;

/// <summary>Doubles side by side, one transform a lane, and what a transform does with them. A struct type parameter: every call becomes
/// an instruction or two. All widths do the same operations in the same order, so a lane's bits do not depend on how many there are.</summary>
internal unsafe interface ILanes<T> where T : unmanaged, ILanes<T>
{
    /// <summary>Lanes: 1, 2, 4 or 8.</summary>
    static abstract int Count { get; }

    static abstract T Broadcast(double value);
    static abstract T Load(double* from);
    static abstract void Store(T value, double* to);
    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>c − a·b, rounded once.</summary>
    static abstract T NegatedMultiplyAdd(T a, T b, T c);

    /// <summary>Count complex numbers that lie side by side, as (re, im) pairs. Which lane gets which is the width's own choice.</summary>
    static abstract void LoadComplex(double* from, out T re, out T im);

    /// <summary>The inverse of <see cref="LoadComplex"/>.</summary>
    static abstract void StoreComplex(T re, T im, double* to);

    /// <summary>Stores past the cache where the width can, at a multiple of its bytes.</summary>
    static virtual void StoreBeyondCache(T value, double* to) => T.Store(value, to);

    /// <summary>Transposes a square of Count × Count doubles: row i of the source, at i·<paramref name="fromRow"/>, becomes column i of the target.</summary>
    static virtual void Transpose(double* from, nint fromRow, double* to, nint toRow)
    {
        for (int row = 0; row < T.Count; row++)
            for (int column = 0; column < T.Count; column++)
                to[column * toRow + row] = from[row * fromRow + column];
    }
}
