using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.Solvers.Vectors;

/// <summary>How inner products are summed.</summary>
public enum Summation
{
    /// <summary>In the order of the rows of each rank, then over ranks: the last bits depend on the number of ranks.</summary>
    Plain,
    /// <summary>Without error, rounded once: the same bits on any number of ranks and for any partition.</summary>
    Exact,
}

/// <summary>
/// Inner products over all ranks; several at a time travel in one reduction, which may be started, left to itself and finished later.
/// Made once and kept; allocates nothing afterwards. All ranks call the same in the same order.
/// </summary>
public sealed unsafe class InnerProducts : IDisposable
{
    private readonly Communicator communicator;
    private readonly ExactSum? exact;
    private readonly AlignedBuffer<double> sums, totals;
    private readonly AlignedBuffer<long> words, totalWords;
    private int count;
    private Request pending;

    /// <param name="most">Products that travel together at most, ≥ 1.</param>
    public InnerProducts(Communicator communicator, Summation summation, int most = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        this.communicator = communicator;
        exact = summation == Summation.Exact ? new ExactSum() : null;
        (sums, totals) = (new(most), new(most));
        int length = exact is null ? 1 : most * ExactSum.Words;
        (words, totalWords) = (new(length), new(length));
    }

    /// <summary>x·y over all ranks. Collective.</summary>
    public double Dot(DistributedVector x, DistributedVector y)
    {
        Add(x, y);
        return ReduceOne();
    }

    /// <summary>√(x·x) over all ranks. Collective.</summary>
    public double Norm(DistributedVector x) => Math.Sqrt(Dot(x, x));

    /// <summary>x += a·p, r −= a·q, and r·r over all ranks: one pass where the sum is plain. Collective.</summary>
    internal double StepAndSquare(DistributedVector x, DistributedVector r, double a, DistributedVector p, DistributedVector q)
    {
        double own = VectorKernels.StepAndSquare(x.Local, r.Local, a, p.Local, q.Local);
        if (exact is not null)
            Add(r, r);
        else
            sums.Address[count++] = own;
        return ReduceOne();
    }

    /// <summary>Adds a product to those of the next reduction. Local.</summary>
    public void Add(DistributedVector x, DistributedVector y)
    {
        y.Fitting(x.Layout);
        if (count == sums.Length)
            throw new InvalidOperationException($"{count} inner products are pending, which is the most asked for");
        if (exact is null)
            sums.Address[count] = VectorKernels.Dot<double>(x.Local, y.Local);
        else
        {
            exact.Clear();
            exact.AddProduct(x.Local, y.Local);
            exact.WriteTo(words.GetSpan().Slice(count * ExactSum.Words, ExactSum.Words));
        }
        count++;
    }

    /// <summary>Starts the reduction of the products added since the last. Collective.</summary>
    public void Start() => pending = exact is null
        ? communicator.StartAllreduce<double>(sums.Memory[..count], totals.Memory[..count], ReduceOperation.Sum)
        : communicator.StartAllreduce<long>(words.Memory[..(count * ExactSum.Words)], totalWords.Memory[..(count * ExactSum.Words)], ReduceOperation.Sum);

    /// <summary>Waits for the reduction; the results are in the order of the additions and valid until the next.</summary>
    public ReadOnlySpan<double> Finish()
    {
        pending.Wait();
        return Round();
    }

    /// <summary>Reduces the products added since the last, blocking; results as from <see cref="Finish"/>. Collective.</summary>
    public ReadOnlySpan<double> Reduce()
    {
        if (exact is null)
            communicator.Allreduce<double>(sums.GetSpan()[..count], totals.GetSpan()[..count], ReduceOperation.Sum);
        else
            communicator.Allreduce<long>(words.GetSpan()[..(count * ExactSum.Words)], totalWords.GetSpan()[..(count * ExactSum.Words)], ReduceOperation.Sum);
        return Round();
    }

    private double ReduceOne() => Reduce()[0];

    private ReadOnlySpan<double> Round()
    {
        int reduced = count;
        count = 0;
        if (exact is not null)
            for (int i = 0; i < reduced; i++)
                totals.Address[i] = ExactSum.Round(totalWords.GetSpan().Slice(i * ExactSum.Words, ExactSum.Words));
        return totals.GetSpan()[..reduced];
    }

    /// <summary>Frees the memory; no reduction may be pending. Local.</summary>
    public void Dispose()
    {
        foreach (IDisposable buffer in (IDisposable[])[sums, totals, words, totalWords])
            buffer.Dispose();
    }
}
