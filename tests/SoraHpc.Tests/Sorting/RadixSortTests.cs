using NUnit.Framework;
using SoraHpc.Solvers.RandomNumbers;
using SoraHpc.Solvers.Sorting;

namespace SoraHpc.Tests.Sorting;

public sealed class RadixSortTests
{
    [Test]
    public void Signed_integers_are_sorted_as_the_runtime_sorts_them([Values(0, 1, 2, 3, 100, 5000)] int count)
    {
        long[] values = [.. Enumerable.Range(0, count).Select(i => (long)new RandomSequence(1).BitsAt(i) >> i % 50)];
        long[] expected = [.. values.Order()];

        RadixSort.Sort<long, SignedKey>(values, new long[count]);

        Assert.That(values, Is.EqualTo(expected).AsCollection);
    }

    [Test]
    public void Floating_point_numbers_are_sorted_with_their_odd_members()
    {
        double[] values = [1, double.NaN, -0.0, 0.0, double.NegativeInfinity, -1e-320, double.PositiveInfinity, -3, double.MaxValue, 1e-320];

        RadixSort.Sort<double, FloatKey>(values, new double[values.Length]);

        double[] expected = [double.NegativeInfinity, -3, -1e-320, -0.0, 0.0, 1e-320, 1, double.MaxValue, double.PositiveInfinity, double.NaN];
        Assert.That(values.Select(BitConverter.DoubleToInt64Bits), Is.EqualTo(expected.Select(BitConverter.DoubleToInt64Bits)).AsCollection);
    }

    [Test]
    public void Single_precision_follows_double_precision()
    {
        float[] values = [2, -1, float.NaN, -0f, 0f, float.MinValue, 1e-40f];

        RadixSort.Sort<float, FloatKey>(values, new float[values.Length]);

        Assert.That(values, Is.EqualTo(new[] { float.MinValue, -1, -0f, 0f, 1e-40f, 2, float.NaN }).AsCollection);
    }

    [Test]
    public void Scratch_of_another_length_is_refused() =>
        Assert.That(() => RadixSort.Sort<uint, UnsignedKey>(new uint[3], new uint[2]), Throws.ArgumentException.With.Message.Contains("2 elements, 3"));
}
