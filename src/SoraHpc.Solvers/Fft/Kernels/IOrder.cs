namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>The direction, as a struct type parameter. An inverse transform is the forward one with real and imaginary parts
/// exchanged before and after: only loading and storing know.</summary>
internal interface IOrder
{
    static abstract bool Exchanged { get; }
}

internal readonly struct ForwardOrder : IOrder
{
    public static bool Exchanged => false;
}

internal readonly struct InverseOrder : IOrder
{
    public static bool Exchanged => true;
}
