using SoraHpc.Communication;

namespace SoraHpc.Jobs.NBody;

/// <summary>Sources as the kernel reads them: a row for each number, all as long as <see cref="Stride"/>, which grows when there are more.</summary>
/// <param name="rows">Numbers a source has.</param>
internal sealed unsafe class SourceRows(int rows) : IDisposable
{
    private AlignedBuffer<double> memory = new(0);

    /// <summary>Sources there are.</summary>
    internal int Count { get; set; }

    internal nint Stride { get; private set; }

    internal double* First => memory.Address;

    internal double* Row(int row) => memory.Address + row * Stride;

    /// <summary>Room for this many in all, those there are kept.</summary>
    internal void Reserve(int count)
    {
        if (count <= Stride)
            return;
        // An odd number of cache lines, so that rows do not all fall on the same places of the cache.
        int stride = (Math.Max(count, 2 * (int)Stride) + GravityKernel.Lanes - 1) / GravityKernel.Lanes * GravityKernel.Lanes | GravityKernel.Lanes;
        AlignedBuffer<double> larger = new(checked(rows * stride));
        for (int row = 0; row < rows; row++)
            new ReadOnlySpan<double>(Row(row), Count).CopyTo(new Span<double>(larger.Address + (nint)row * stride, Count));
        ((IDisposable)memory).Dispose();
        (memory, Stride) = (larger, stride);
    }

    /// <summary>Fills up to whole vectors with sources that do nothing: without mass, at 0.</summary>
    /// <returns>Sources with those.</returns>
    internal int Pad()
    {
        int padded = (Count + GravityKernel.Lanes - 1) / GravityKernel.Lanes * GravityKernel.Lanes;
        Reserve(padded);
        for (int row = 0; row < rows; row++)
            new Span<double>(Row(row) + Count, padded - Count).Clear();
        return padded;
    }

    public void Dispose() => ((IDisposable)memory).Dispose();
}
