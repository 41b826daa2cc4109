using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Reductions;

/// <summary>
/// A sum of doubles without error, rounded once at the end: the same bits for every order of the summands and every number of ranks.
/// Made once and kept; adding and reducing allocate nothing. Not thread-safe: one per thread, joined with <see cref="Add(ExactSum)"/>.
/// </summary>
/// <remarks>
/// A fixed-point number over the whole range of doubles in limbs of 32 bits. In front of it stands one 64-bit bin per sign and
/// exponent, in which 2048 significands have room before they are carried into the limbs. Source: R. M. Neal, Fast exact summation
/// using small and large superaccumulators, arXiv:1505.05571 (2015). Spans are first summed in vectors (<see cref="FoldedSum"/>), from
/// which a few numbers a block come here; only blocks whose terms differ too much in size come number by number.
/// </remarks>
public sealed class ExactSum
{
    private const int SignificandBits = 52, ExponentMask = 0x7FF, BinCount = 4096, BinsPerGroup = 32;
    private const ulong SignificandMask = (1UL << SignificandBits) - 1;

    // Significands are below 2⁵³: this many of them stay below 2⁶⁴ in one bin.
    private const int BinCapacity = 2048;

    private readonly ulong[] bins = new ulong[BinCount];
    private readonly byte[] touched = new byte[BinCount / BinsPerGroup];
    private readonly long[] total = new long[WideNumber.Words], reduced = new long[WideNumber.Words];
    private int inBins, addedToTotal;
    private FoldedSum ofNumbers, ofProducts;

    /// <summary>Length of what <see cref="WriteTo"/> writes.</summary>
    public const int Words = WideNumber.Words;

    /// <summary>The sum so far on this rank, correctly rounded (to nearest, ties to even). NaN when a summand was NaN or both
    /// infinities were added; an infinity when one was, or when the sum itself is too large. 0 for no summands.</summary>
    public double Value
    {
        get
        {
            Carry();
            return WideNumber.Round(total);
        }
    }

    /// <summary>Back to no summands.</summary>
    public void Clear()
    {
        Array.Clear(bins);
        Array.Clear(touched);
        Array.Clear(total);
        (inBins, addedToTotal) = (0, 0);
    }

    /// <summary>Adds one number.</summary>
    public void Add(double value)
    {
        if (inBins == BinCapacity)
            EmptyBins();
        inBins++;
        Put(ref MemoryMarshal.GetArrayDataReference(bins), ref MemoryMarshal.GetArrayDataReference(touched), value);
    }

    /// <summary>Adds every number of <paramref name="values"/>.</summary>
    public unsafe void Add(ReadOnlySpan<double> values)
    {
        fixed (double* x = values)
            for (int i = 0; i < values.Length;)
            {
                int count = BlockAt(i, values.Length);
                if (!(count >= FoldedSum.Granule && ofNumbers.TryAdd<FoldedSum.Numbers>(x + i, null, count, this)))
                    AddOneByOne(values.Slice(i, count));
                i += count;
            }
    }

    // The largest whole number of vectors that fits, or the few terms after them.
    private static int BlockAt(int begin, int length)
    {
        int count = Math.Min(FoldedSum.BlockLength, length - begin);
        return count < FoldedSum.Granule ? count : count - count % FoldedSum.Granule;
    }

    private void AddOneByOne(ReadOnlySpan<double> values)
    {
        ref ulong bin = ref MemoryMarshal.GetArrayDataReference(bins);
        ref byte group = ref MemoryMarshal.GetArrayDataReference(touched);
        while (!values.IsEmpty)
        {
            if (inBins == BinCapacity)
                EmptyBins();
            ReadOnlySpan<double> part = values[..Math.Min(values.Length, BinCapacity - inBins)];
            foreach (double value in part)
                Put(ref bin, ref group, value);
            inBins += part.Length;
            values = values[part.Length..];
        }
    }

    /// <summary>Adds the product without rounding it. Exact unless |<paramref name="left"/>·<paramref name="right"/>| is below 2⁻⁹⁶⁹, where
    /// its last bits are below the smallest double; then it is rounded, the same way everywhere.</summary>
    /// <remarks>TwoProduct with a fused multiply-add: Ogita, Rump and Oishi, SIAM J. Sci. Comput. 26 (2005), algorithm 3.5.</remarks>
    public void AddProduct(double left, double right)
    {
        double product = left * right;
        Add(product);
        if (double.IsFinite(product))
            Add(Math.FusedMultiplyAdd(left, right, -product));
    }

    /// <summary>Adds the inner product of two vectors of equal length: see <see cref="AddProduct(double, double)"/>.</summary>
    public unsafe void AddProduct(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        if (left.Length != right.Length)
            throw new ArgumentException($"the vectors have {left.Length} and {right.Length} elements", nameof(right));
        fixed (double* x = left, y = right)
            for (int i = 0; i < left.Length;)
            {
                int end = i + BlockAt(i, left.Length);
                if (end - i >= FoldedSum.Granule && ofProducts.TryAdd<FoldedSum.Products>(x + i, y + i, end - i, this))
                    i = end;
                for (; i < end; i++)
                    AddProduct(x[i], y[i]);
            }
    }

    /// <summary>Adds what another sum holds; <paramref name="other"/> keeps it.</summary>
    public void Add(ExactSum other)
    {
        other.Carry();
        Carry();
        for (int i = 0; i < total.Length; i++)
            total[i] += other.total[i];
        WideNumber.Normalise(total);
    }

    /// <summary>The sum over all ranks, correctly rounded, the same bits on each; this rank's own sum stays. Collective.</summary>
    public double Allreduce(Communicator communicator)
    {
        Carry();
        communicator.Allreduce<long>(total, reduced, ReduceOperation.Sum);
        return Round(reduced);
    }

    /// <summary>Writes the sum so far in a form that adds word by word, so that several sums can travel in one reduction of <c>long</c>.</summary>
    /// <param name="words"><see cref="Words"/> long.</param>
    public void WriteTo(Span<long> words)
    {
        Carry();
        total.CopyTo(words);
    }

    /// <summary>The correctly rounded value of the word-by-word sum of what up to 2³⁰ ranks wrote; <paramref name="words"/> are normalised on the way.</summary>
    public static double Round(Span<long> words)
    {
        WideNumber.Normalise(words);
        return WideNumber.Round(words);
    }

    // Subnormals have exponent field 0 and no hidden bit; their bin has the weight of field 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(ref ulong bins, ref byte touched, double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int bin = (int)(bits >> SignificandBits), exponent = bin & ExponentMask;
        if (exponent == ExponentMask)
        {
            WideNumber.AddSpecial(total, double.IsNaN(value), value < 0);
            return;
        }
        ulong isNormal = (ulong)(exponent + ExponentMask >> 11);
        Unsafe.Add(ref bins, bin) += (bits & SignificandMask) + (isNormal << SignificandBits);
        Unsafe.Add(ref touched, bin / BinsPerGroup) = 1;
    }

    private void Carry()
    {
        EmptyBins();
        WideNumber.Normalise(total);
        addedToTotal = 0;
    }

    private void EmptyBins()
    {
        for (int group = 0; group < touched.Length; group++)
            if (touched[group] != 0)
            {
                touched[group] = 0;
                for (int bin = group * BinsPerGroup; bin < (group + 1) * BinsPerGroup; bin++)
                    if (bins[bin] != 0)
                        Empty(bin);
            }
        inBins = 0;
    }

    private void Empty(int bin)
    {
        ulong sum = bins[bin];
        bins[bin] = 0;
        WideNumber.Add(total, sum, Math.Max((bin & ExponentMask) - 1, 0), isNegative: bin > ExponentMask);
        if (++addedToTotal == WideNumber.AddsBeforeNormalising)
        {
            WideNumber.Normalise(total);
            addedToTotal = 0;
        }
    }
}
