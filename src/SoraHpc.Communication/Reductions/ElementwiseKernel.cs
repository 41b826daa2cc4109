using System.Numerics;
using System.Runtime.CompilerServices;

namespace SoraHpc.Communication.Reductions;

/// <summary>Combines two elements.</summary>
internal interface ICombine<T> where T : unmanaged
{
    static abstract T Apply(T left, T right);
}

/// <summary>Combines two elements, or two vectors of them with the same result in every lane.</summary>
internal interface IVectorCombine<T> : ICombine<T> where T : unmanaged
{
    static abstract Vector<T> Apply(Vector<T> left, Vector<T> right);
}

/// <summary>The loops of the predefined reductions: total[i] = total[i] ∘ operand[i]. Bandwidth-bound: two reads and a write per element.</summary>
internal static unsafe class ElementwiseKernel
{
    internal static void Vectors<T, TCombine>(void* total, void* operand, nint count) where T : unmanaged where TCombine : struct, IVectorCombine<T>
    {
        T* into = (T*)total, from = (T*)operand;
        nint i = 0;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            Unsafe.WriteUnaligned(into + i, TCombine.Apply(Unsafe.ReadUnaligned<Vector<T>>(into + i), Unsafe.ReadUnaligned<Vector<T>>(from + i)));
        for (; i < count; i++)
            into[i] = TCombine.Apply(into[i], from[i]);
    }

    internal static void Scalars<T, TCombine>(void* total, void* operand, nint count) where T : unmanaged where TCombine : struct, ICombine<T>
    {
        T* into = (T*)total, from = (T*)operand;
        for (nint i = 0; i < count; i++)
            into[i] = TCombine.Apply(into[i], from[i]);
    }
}
