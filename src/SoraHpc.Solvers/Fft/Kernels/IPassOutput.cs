namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>Where a pass puts its numbers: the panel, or what the caller gave.</summary>
internal interface IPassOutput<T>
{
    void Store(int place, T re, T im);
}
