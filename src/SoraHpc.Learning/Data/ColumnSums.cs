using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Learning.Data;

/// <summary>Many sums without error, each rounded once at the end: however rows are cut into particles and ranks, the bits are the same.</summary>
/// <remarks>A sum is a few hundred bytes; the tens of kilobytes in which numbers are caught are shared, so a call should bring many.</remarks>
internal sealed class ColumnSums(int count)
{
    private readonly long[] words = new long[checked(count * ExactSum.Words)], written = new long[ExactSum.Words];
    private readonly ExactSum catching = new();

    /// <summary>Adds numbers to sum <paramref name="sum"/>.</summary>
    internal void Add(int sum, ReadOnlySpan<double> values)
    {
        catching.Add(values);
        Keep(sum);
    }

    /// <summary>Adds the inner product to sum <paramref name="sum"/>.</summary>
    internal void AddProduct(int sum, ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        catching.AddProduct(left, right);
        Keep(sum);
    }

    /// <summary>The sums over all ranks, correctly rounded, the same bits on each. Ends the adding. Collective.</summary>
    internal double[] Allreduce(Communicator communicator)
    {
        communicator.Allreduce<long>(words, ReduceOperation.Sum);
        double[] sums = new double[count];
        for (int i = 0; i < count; i++)
            sums[i] = ExactSum.Round(words.AsSpan(i * ExactSum.Words, ExactSum.Words));
        return sums;
    }

    // Written words are below 2³² each: 2³⁰ calls and ranks fit.
    private void Keep(int sum)
    {
        catching.WriteTo(written);
        catching.Clear();
        Span<long> kept = words.AsSpan(sum * ExactSum.Words, ExactSum.Words);
        for (int i = 0; i < kept.Length; i++)
            kept[i] += written[i];
    }
}
