using System.Runtime.CompilerServices;
using SoraHpc.Solvers.Fft.Lanes;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>Lines side by side in the caller's memory, as interleaved complex numbers.</summary>
/// <param name="at">Element 0 of lane 0.</param>
/// <param name="stride">Doubles from an element to the next.</param>
/// <param name="order">The element that belongs at each place of the panel.</param>
/// <param name="weights">A factor for every element.</param>
internal readonly unsafe struct LinesInput<T, TOrder>(double* at, nint stride, int* order, double* weights) : IPassInput<T>
    where T : unmanaged, ILanes<T> where TOrder : struct, IOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LoadFirst(int place, out T re, out T im)
    {
        int element = order[place];
        if (TOrder.Exchanged)
            T.LoadComplex(at + element * stride, out im, out re);
        else
            T.LoadComplex(at + element * stride, out re, out im);
        T weight = T.Broadcast(weights[element]);
        (re, im) = (re * weight, im * weight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(int place, int twiddle, out T re, out T im) => LoadFirst(place, out re, out im);
}

/// <summary>As <see cref="LinesInput{T,TOrder}"/>; results are in natural order.</summary>
internal readonly unsafe struct LinesOutput<T, TOrder>(double* at, nint stride) : IPassOutput<T>
    where T : unmanaged, ILanes<T> where TOrder : struct, IOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int place, T re, T im)
    {
        if (TOrder.Exchanged)
            T.StoreComplex(im, re, at + place * stride);
        else
            T.StoreComplex(re, im, at + place * stride);
    }
}
