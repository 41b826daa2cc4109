using SoraHpc.Communication;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.Solvers.Vectors;

/// <summary>
/// A vector of doubles cut into ranges of rows, one per rank, in memory of this rank's own on a 64-byte boundary. What is done to it
/// here is local, allocates nothing and rounds each element alone: the same bits on any number of ranks. Sums over ranks are in
/// <see cref="InnerProducts"/>.
/// </summary>
public sealed unsafe class DistributedVector : IDisposable
{
    // Kernels may read, never use, a vector's width beyond either end.
    private const int Margin = AlignedBuffer<double>.Alignment / sizeof(double);

    // Large buffers begin on pages. Two vectors that begin at the same place of a page would hold a product's source and its result
    // at addresses that differ by whole pages, which the processor takes for the same until it has looked twice: a store then holds up
    // the loads after it. So vectors begin at different lines of a page.
    private const int Lines = 56;

    private readonly AlignedBuffer<double> buffer;
    private readonly int begin;

    /// <summary>A vector of zeros. Local.</summary>
    public DistributedVector(VectorLayout layout)
    {
        Layout = layout;
        buffer = new(layout.LocalLength + 2 * Margin + Lines * Margin);
        begin = Margin * (1 + (int)(((uint)((nint)buffer.Address >> 12) * 2_654_435_769u >> 16) % Lines));
    }

    /// <summary>Which rows this rank holds.</summary>
    public VectorLayout Layout { get; }

    /// <summary>This rank's rows.</summary>
    public Span<double> Local => new(Address, Length);

    internal double* Address => buffer.Address + begin;

    internal int Length => Layout.LocalLength;

    internal Memory<double> Memory => buffer.Memory.Slice(begin, Length);

    /// <summary>Every element of this rank becomes <paramref name="value"/>.</summary>
    public void Fill(double value) => Local.Fill(value);

    /// <summary>this = <paramref name="other"/>.</summary>
    public void CopyFrom(DistributedVector other) => other.Fitting(Layout).Local.CopyTo(Local);

    /// <summary>this = <paramref name="a"/>·this.</summary>
    public void Scale(double a) => VectorKernels.Scale(a, Local, Local);

    /// <summary>this = this + <paramref name="a"/>·<paramref name="x"/>.</summary>
    public void Axpy(double a, DistributedVector x) => VectorKernels.AddScaled(Local, a, x.Fitting(Layout).Local, Local);

    /// <summary>this = <paramref name="x"/> + <paramref name="b"/>·this.</summary>
    public void Aypx(double b, DistributedVector x) => VectorKernels.AddScaled(x.Fitting(Layout).Local, b, Local, Local);

    /// <summary>this = <paramref name="x"/> + <paramref name="a"/>·<paramref name="y"/>; either may be this.</summary>
    public void Waxpy(DistributedVector x, double a, DistributedVector y) =>
        VectorKernels.AddScaled(x.Fitting(Layout).Local, a, y.Fitting(Layout).Local, Local);

    /// <summary>This vector, when it has the rows of <paramref name="layout"/>.</summary>
    /// <exception cref="ArgumentException">It has others.</exception>
    internal DistributedVector Fitting(VectorLayout layout) => Layout.Fits(layout) ? this
        : throw new ArgumentException($"a vector of {Layout.Length} rows ({Length} on rank {Layout.Communicator.WorldRank}) where {layout.Length} ({layout.LocalLength}) are needed: make both with one layout");

    /// <summary>Frees the memory. Local.</summary>
    public void Dispose() => ((IDisposable)buffer).Dispose();
}
