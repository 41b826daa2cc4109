using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SoraHpc.Solvers.Fft.Lanes;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>A panel of lines transformed together: element j is a vector of real parts and one of imaginary parts, one lane a line.</summary>
internal readonly unsafe struct PanelInput<T>(double* panel, double* twiddles) : IPassInput<T> where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LoadFirst(int place, out T re, out T im)
    {
        double* at = panel + (nint)place * 2 * T.Count;
        (re, im) = (T.Load(at), T.Load(at + T.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(int place, int twiddle, out T re, out T im)
    {
        double* factor = twiddles + 2 * (nint)twiddle;
        LoadFirst(place, out T a, out T b);
        T cos = T.Broadcast(factor[0]), sin = T.Broadcast(factor[1]);
        re = T.NegatedMultiplyAdd(b, sin, a * cos);
        im = T.MultiplyAdd(b, cos, a * sin);
    }
}

/// <summary>A panel whose numbers are taken in digit-reversed order and weighted, as <see cref="LinesInput{T,TOrder}"/> does.</summary>
internal readonly unsafe struct StagedInput<T, TOrder>(double* panel, int* order, double* weights) : IPassInput<T>
    where T : unmanaged, ILanes<T> where TOrder : struct, IOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LoadFirst(int place, out T re, out T im)
    {
        int element = order[place];
        double* at = panel + (nint)element * 2 * T.Count;
        T weight = T.Broadcast(weights[element]), a = T.Load(at) * weight, b = T.Load(at + T.Count) * weight;
        (re, im) = TOrder.Exchanged ? (b, a) : (a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(int place, int twiddle, out T re, out T im) => LoadFirst(place, out re, out im);
}

/// <summary>Results into the panel.</summary>
internal readonly unsafe struct PanelOutput<T, TOrder>(double* panel) : IPassOutput<T>
    where T : unmanaged, ILanes<T> where TOrder : struct, IOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int place, T re, T im)
    {
        double* at = panel + (nint)place * 2 * T.Count;
        T.Store(TOrder.Exchanged ? im : re, at);
        T.Store(TOrder.Exchanged ? re : im, at + T.Count);
    }
}

/// <summary>Results into the panel, in forward order; with each, its share of the memory that the next panel comes from is asked for. All of it
/// at once would wait for itself: only so many lines of a cache can be on their way.</summary>
/// <param name="ahead">Where that panel begins: its lines lie end to end, as many bytes as the panel has, or nearly.</param>
internal readonly unsafe struct AheadOutput<T>(double* panel, double* ahead) : IPassOutput<T> where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int place, T re, T im)
    {
        nint offset = (nint)place * 2 * T.Count;
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(ahead + offset);
            Sse.Prefetch0(ahead + offset + T.Count);
        }
        T.Store(re, panel + offset);
        T.Store(im, panel + offset + T.Count);
    }
}
