using System.Numerics;
using NUnit.Framework;
using SoraHpc.Communication.Reductions;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Threads;

/// <summary>The exact sum against one in whole numbers of 2⁻²¹⁴⁸ (BigInteger), rounded by comparing with neighbouring doubles.</summary>
public sealed class ExactSumTests
{
    // The unit is below the product of the two smallest doubles.
    private const int UnitExponent = -2148;

    [Test]
    public void Value_of_doubles_from_the_whole_range_is_the_correctly_rounded_sum([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, 1 + 150 * seed % 5000).Select(_ => AnyFinite(random, seed % 4 == 0 ? 2 : seed % 4 == 1 ? 64 : 2046))];
        Assert.That(SumOf(values), Is.EqualTo(Reference(values)));
    }

    [Test]
    public void Value_is_the_same_for_every_order_and_grouping()
    {
        var random = new Random(7);
        double[] values = [.. Enumerable.Range(0, 10_000).Select(_ => AnyFinite(random, 600))];
        long expected = BitConverter.DoubleToInt64Bits(SumOf(values));
        for (int shuffle = 0; shuffle < 20; shuffle++)
        {
            random.Shuffle(values);
            ExactSum first = new(), second = new();
            int cut = random.Next(values.Length);
            first.Add(values.AsSpan(0, cut));
            foreach (double value in values.AsSpan(cut))
                second.Add(value);
            first.Add(second);
            Assert.That(BitConverter.DoubleToInt64Bits(first.Value), Is.EqualTo(expected));
            Assert.That(BitConverter.DoubleToInt64Bits(first.Value), Is.EqualTo(expected), "reading changes nothing");
        }
    }

    [TestCase(new[] { 1e308, 1.0, -1e308 }, 1.0)]
    [TestCase(new[] { 1e16, 1.0, -1e16, 1e-300, -1.0 }, 1e-300)]
    [TestCase(new double[0], 0.0)]
    [TestCase(new[] { -0.0 }, 0.0)]
    [TestCase(new[] { double.Epsilon, double.Epsilon }, 2 * double.Epsilon)]
    [TestCase(new[] { 2.2250738585072014E-308, -double.Epsilon }, 2.225073858507201E-308)]
    [TestCase(new[] { double.MaxValue, double.MaxValue, -double.MaxValue }, double.MaxValue)]
    [TestCase(new[] { double.MaxValue, 9.979201547673598E+291 }, double.MaxValue)]           // just below half a unit
    [TestCase(new[] { double.MaxValue, 9.9792015476736E+291 }, double.PositiveInfinity)]     // half a unit: to even is up
    [TestCase(new[] { -double.MaxValue, -double.MaxValue }, double.NegativeInfinity)]
    [TestCase(new[] { double.PositiveInfinity, -1e308, double.PositiveInfinity }, double.PositiveInfinity)]
    [TestCase(new[] { double.NegativeInfinity, 1e308 }, double.NegativeInfinity)]
    [TestCase(new[] { double.PositiveInfinity, double.NegativeInfinity }, double.NaN)]
    [TestCase(new[] { 1.0, double.NaN, double.NaN, double.PositiveInfinity }, double.NaN)]
    [TestCase(new[] { 1.0, 1.1102230246251565E-16 }, 1.0)]                                    // a tie goes to even …
    [TestCase(new[] { 1.0, 1.1102230246251565E-16, double.Epsilon }, 1.0000000000000002)]     // … unless anything is left below
    [TestCase(new[] { -1.0, -1.1102230246251565E-16, -double.Epsilon }, -1.0000000000000002)]
    public void Value_at_the_edges_is_exact(double[] values, double expected) => Assert.That(SumOf(values), Is.EqualTo(expected));

    [Test]
    public void Value_of_more_summands_than_a_bin_holds_is_exact()
    {
        var sum = new ExactSum();
        for (int i = 0; i < 100_000; i++)
            sum.Add(double.MaxValue);
        for (int i = 0; i < 100_000; i++)
            sum.Add(-double.MaxValue);
        sum.Add(0.1);
        Assert.That(sum.Value, Is.EqualTo(0.1));
        sum.Clear();
        Assert.That(sum.Value, Is.Zero);
    }

    [Test]
    public void Inner_product_is_the_correctly_rounded_one([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        double[] left = [.. Enumerable.Range(0, 500).Select(_ => AnyFinite(random, 400))], right = [.. left.Select(_ => AnyFinite(random, 400))];
        BigInteger exact = 0;
        for (int i = 0; i < left.Length; i++)
            exact += Whole(left[i]) * Whole(right[i]);
        var sum = new ExactSum();
        sum.AddProduct(left, right);
        Assert.That(sum.Value, Is.EqualTo(Nearest(exact >> -UnitExponent, (exact & ((BigInteger.One << -UnitExponent) - 1)) != 0)));
    }

    // Blocks are summed in vectors when they can be, number by number when not: neither the length, the spread of the terms nor where they
    // lie may show in the sum.
    [Test]
    public void Spans_have_the_sum_of_their_numbers_whatever_their_length_and_spread([Values(1, 15, 16, 33, 2047, 2048, 5000)] int length, [Values(4, 60, 120, 400, 2046)] int spread)
    {
        var random = new Random(length + spread);
        double[] x = [.. Enumerable.Range(0, length).Select(i => i % 7 == 3 ? 0.0 : AnyFinite(random, spread))], y = [.. x.Select(_ => AnyFinite(random, Math.Min(spread, 400)))];
        ExactSum spans = new(), numbers = new(), products = new(), singly = new();
        for (int repeat = 0; repeat < 2; repeat++)
        {
            spans.Add(x);
            products.AddProduct(x, y);
            for (int i = 0; i < length; i++)
            {
                numbers.Add(x[i]);
                singly.AddProduct(x[i], y[i]);
            }
        }
        Assert.That(BitConverter.DoubleToInt64Bits(spans.Value), Is.EqualTo(BitConverter.DoubleToInt64Bits(numbers.Value)));
        Assert.That(BitConverter.DoubleToInt64Bits(products.Value), Is.EqualTo(BitConverter.DoubleToInt64Bits(singly.Value)));
    }

    [TestCase(double.NaN, double.NaN)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity, double.NegativeInfinity)]
    [TestCase(double.MaxValue, double.MaxValue)]
    [TestCase(-double.Epsilon, 0.0)]
    public void One_number_that_stands_out_of_a_block_is_not_lost(double value, double expected)
    {
        double[] values = new double[2048], ones = [.. values.Select(_ => 1.0)];
        for (int i = 0; i < values.Length; i++)
            values[i] = i % 2 == 0 ? 1.5 : -1.5;
        ExactSum sum = new(), products = new();
        sum.Add(values);
        products.AddProduct(values, ones);
        (values[1000], values[1001]) = (value, 0);
        sum.Add(values);
        products.AddProduct(values, ones);
        Assert.That(sum.Value, Is.EqualTo(expected == 0 ? value : expected));
        Assert.That(products.Value, Is.EqualTo(expected == 0 ? value : expected));
    }

    [Test]
    public void Sums_that_nearly_cancel_are_exact_in_vectors()
    {
        double[] values = new double[4096];
        for (int i = 0; i < values.Length; i += 2)
            (values[i], values[i + 1]) = (1e10 + i, -1e10 - i);
        values[77] += 1e-6;
        var sum = new ExactSum();
        sum.Add(values);
        Assert.That(sum.Value, Is.EqualTo(Reference(values)).And.Not.Zero);
    }

    [Test]
    public void Product_that_overflows_is_infinite_and_not_a_number_only_by_its_factors()
    {
        var sum = new ExactSum();
        sum.AddProduct(1e200, -1e200);
        Assert.That(sum.Value, Is.EqualTo(double.NegativeInfinity));
        sum.AddProduct(0.0, double.PositiveInfinity);
        Assert.That(sum.Value, Is.NaN);
    }

    [Test]
    public void Sum_over_ranks_has_the_same_bits_for_every_number_of_ranks()
    {
        var random = new Random(11);
        double[] values = [.. Enumerable.Range(0, 5000).Select(_ => AnyFinite(random, 200))];
        double expected = Reference(values);
        foreach (int ranks in new[] { 1, 2, 3, 5, 8 })
            ThreadWorld.Run(ranks, comm =>
            {
                var sum = new ExactSum();
                for (int i = comm.Rank; i < values.Length; i += comm.Size)
                    sum.Add(values[i]);
                double own = sum.Value;
                Assert.That(sum.Allreduce(comm), Is.EqualTo(expected));
                Assert.That(sum.Value, Is.EqualTo(own), "this rank's sum stays");
            });
    }

    [Test]
    public void Infinities_and_NaN_on_one_rank_reach_all() => ThreadWorld.Run(3, comm =>
    {
        var sum = new ExactSum();
        sum.Add(comm.Rank == 1 ? double.PositiveInfinity : 1.0);
        Assert.That(sum.Allreduce(comm), Is.EqualTo(double.PositiveInfinity));
        sum.Add(comm.Rank == 2 ? double.NegativeInfinity : 1.0);
        Assert.That(sum.Allreduce(comm), Is.NaN);
    });

    [Test]
    public void Adding_and_reducing_allocate_nothing() => ThreadWorld.Run(2, comm =>
    {
        var sum = new ExactSum();
        double[] values = [.. Enumerable.Range(0, 5000).Select(i => 1.0 / (i + 1))];
        long least = Allocations.Least(() =>
        {
            sum.Add(values);
            sum.AddProduct(values, values);
            sum.Allreduce(comm);
        }, steps: 30);
        Assert.That(least, Is.Zero);
    });

    private static double SumOf(double[] values)
    {
        var sum = new ExactSum();
        sum.Add(values);
        return sum.Value;
    }

    /// <summary>Random bits, the exponent within <paramref name="spread"/> of the middle of the range.</summary>
    private static double AnyFinite(Random random, int spread)
    {
        long exponent = spread >= 2046 ? random.Next(0, 2047) : 1023 + random.Next(-spread / 2, spread / 2 + 1);
        return BitConverter.Int64BitsToDouble(random.NextInt64() & 0xFFFFFFFFFFFFF | exponent << 52 | (long)random.Next(2) << 63);
    }

    private static double Reference(double[] values) => Nearest(values.Aggregate(BigInteger.Zero, (sum, value) => sum + Whole(value)), false);

    /// <summary>The double in units of 2⁻²¹⁴⁸, which it is a whole number of.</summary>
    private static BigInteger Whole(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value), exponent = bits >> 52 & 0x7FF;
        BigInteger significand = (bits & 0xFFFFFFFFFFFFF) + (exponent > 0 ? 1L << 52 : 0);
        significand <<= (int)Math.Max(exponent, 1) - 1075 - UnitExponent;
        return bits < 0 ? -significand : significand;
    }

    /// <summary>The nearest double by bisection over the doubles themselves; a tie goes to the even one.</summary>
    private static double Nearest(BigInteger exact, bool more)
    {
        bool isNegative = exact.Sign < 0;
        BigInteger size = isNegative ? -exact : exact;
        long low = 0, high = BitConverter.DoubleToInt64Bits(double.PositiveInfinity);     // bits of non-negative doubles are in their order
        while (high - low > 1)
        {
            long middle = low + (high - low) / 2;
            if (Whole(BitConverter.Int64BitsToDouble(middle)) <= size)
                low = middle;
            else
                high = middle;
        }
        // Whole() of the bits of +∞ is 2¹⁰²⁴: where the next double would be, as rounding wants it.
        int side = (2 * size).CompareTo(Whole(BitConverter.Int64BitsToDouble(low)) + Whole(BitConverter.Int64BitsToDouble(high)));
        if (side == 0 && more)
            side = isNegative ? -1 : 1;
        double nearest = BitConverter.Int64BitsToDouble(side < 0 || side == 0 && (low & 1) == 0 ? low : high);
        return isNegative ? -nearest : nearest;
    }
}
