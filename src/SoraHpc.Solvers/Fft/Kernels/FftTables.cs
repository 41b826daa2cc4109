using SoraHpc.Communication;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>What every transform of one length shares: its radices, the order its first pass reads in, and its twiddle factors.</summary>
internal sealed unsafe class FftTables : IDisposable
{
    // Eights first: the fewer passes the better. The last pass writes to the caller's memory, as many rows at a time as its radix.
    private static readonly int[] Radices = [8, 7, 5, 4, 3, 2];

    private readonly AlignedBuffer<int> order;
    private readonly AlignedBuffer<double> twiddles, ones;
    private readonly int[] starts;

    /// <param name="length">A product of 2, 3, 5 and 7.</param>
    internal FftTables(int length)
    {
        Length = length;
        Factors = FactorsOf(length);
        order = new(length);
        ones = new(length);
        ones.GetSpan().Fill(1.0);
        starts = new int[Factors.Length];
        twiddles = new(2 * length);             // span·(r − 1) of each pass sum to length − 1
        FillOrder();
        FillTwiddles();
    }

    internal int Length { get; }

    /// <summary>The radix of every pass; 1 alone for length 1.</summary>
    internal int[] Factors { get; }

    /// <summary>The element that belongs at each place before the first pass.</summary>
    internal int* Order => order.Address;

    /// <summary>Weights that change nothing.</summary>
    internal double* Ones => ones.Address;

    /// <summary>Twiddle factors of a pass as (cos, sin): number k·(r − 1) + q − 1 belongs to input q of butterfly k.</summary>
    internal double* TwiddlesOf(int pass) => twiddles.Address + starts[pass];

    /// <summary>Whether passes of the radices there are make up the length.</summary>
    internal static bool Has(int length)
    {
        foreach (int prime in (ReadOnlySpan<int>)[2, 3, 5, 7])
            while (length % prime == 0)
                length /= prime;
        return length == 1;
    }

    private static int[] FactorsOf(int length)
    {
        List<int> factors = [];
        int rest = length;
        foreach (int radix in Radices)
            for (; rest % radix == 0; rest /= radix)
                factors.Add(radix);
        if (factors is [.., 8, 2])              // 16 = 4 · 4 does less than 8 · 2
            (factors[^2], factors[^1]) = (4, 4);
        factors.Reverse();
        return factors.Count > 0 ? [.. factors] : [1];
    }

    // A place's digits, the last pass's first, are the element's digits, the last pass's last.
    private void FillOrder()
    {
        for (int place = 0; place < Length; place++)
        {
            int element = 0, scale = 1, rest = place, span = Length;
            for (int pass = Factors.Length - 1; pass >= 0; pass--)
            {
                span /= Factors[pass];
                element += rest / span * scale;
                rest %= span;
                scale *= Factors[pass];
            }
            Order[place] = element;
        }
    }

    private void FillTwiddles()
    {
        int at = 0, span = 1;
        for (int pass = 0; pass < Factors.Length; pass++)
        {
            starts[pass] = at;
            int radix = Factors[pass];
            for (int k = 0; k < span; k++)
                for (int q = 1; q < radix; q++, at += 2)
                    (twiddles.Address[at], twiddles.Address[at + 1]) = Roots.Of((long)k * q, (long)span * radix);
            span *= radix;
        }
    }

    public void Dispose()
    {
        foreach (IDisposable owned in (IDisposable[])[order, twiddles, ones])
            owned.Dispose();
    }
}
