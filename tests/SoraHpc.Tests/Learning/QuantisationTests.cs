using NUnit.Framework;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Compression;
using SoraHpc.Learning.Models;
using SoraHpc.Solvers.RandomNumbers;
using static SoraHpc.Tests.Learning.SinglePrecision;

namespace SoraHpc.Tests.Learning;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

/// <summary>Networks that compute with bytes.</summary>
public sealed class QuantisationTests
{
    [Test]
    public void Byte_products_equal_the_plain_sums([Values(32, 64, 224)] int depth, [Values(1, 3, 4, 9)] int units)
    {
        sbyte[] rows = Bytes(2 * depth, 1), weights = Bytes(units * depth, 2);
        (rows[0], weights[0]) = (127, -127);
        int[] sums = new int[2 * units], expected = new int[2 * units];
        for (int i = 0; i < expected.Length; i++)
            for (int k = 0; k < depth; k++)
                expected[i] += rows[i / units * depth + k] * weights[i % units * depth + k];

        unsafe
        {
            fixed (sbyte* a = rows, b = weights)
            fixed (int* c = sums)
                ByteProducts.Multiply(2, units, depth, a, b, c);
        }

        Assert.That(sums, Is.EqualTo(expected).AsCollection);
    }

    [Test]
    public void Rounding_is_the_plain_one_and_off_by_half_a_scale_at_most([Values(1, 63, 64, 200)] int length)
    {
        float[] numbers = Normal(length);
        sbyte[] bytes = new sbyte[length];

        float scale = QuantisedWeights.Round(numbers, bytes);

        Assert.That(bytes, Is.EqualTo(numbers.Select(number => (sbyte)MathF.Round(number * (1 / scale)))).AsCollection);
        Assert.That(numbers.Select((number, i) => Math.Abs(number - scale * bytes[i])), Is.All.LessThanOrEqualTo(0.5f * scale * (1 + 1e-4f)));
        Assert.That(QuantisedWeights.Round(new float[length], bytes), Is.EqualTo(1));
    }

    [Test]
    public void A_quantised_dense_block_is_off_by_no_more_than_its_bound([Values(5, 300)] int features)
    {
        const int Units = 7;
        using Network<float> network = new(new Model(new Shape(features), new Dense(Units)), Managed, 2, seed: 3);
        using QuantisedNetwork quantised = new(network, Managed);
        float[] input = Normal(features), weights = network.Parameters[0].Values.ToArray();
        float[] expected = network.Forward(new Pass([0], false), input).ToArray();

        float[] found = quantised.Forward(new Pass([0], false), input).ToArray();

        double s = input.Max(Math.Abs) / 127.0;
        for (int unit = 0; unit < Units; unit++)
        {
            double[] column = [.. Enumerable.Range(0, features).Select(i => (double)weights[i * Units + unit])];
            double t = column.Max(Math.Abs) / 127, bound = features * s * t / 4;
            for (int i = 0; i < features; i++)
                bound += (t * Math.Abs(input[i]) + s * Math.Abs(column[i])) / 2;
            Assert.That(found[unit], Is.EqualTo(expected[unit]).Within(bound * 1.001));
        }
    }

    // A convolution is a dense block for each of its squares: with whole numbers up to the scale nothing is rounded at all.
    [Test]
    public void A_quantised_convolution_of_whole_numbers_is_exact([Values(0, 1, 2)] int padding)
    {
        using Network<float> network = new(new Model(new Shape(8, 6, 2), new Convolution2D(5, 3, padding), new Activation(ActivationFunction.Relu), new MaxPooling(2)), Managed, 3);
        Whole(network.Values.Span);
        float[] input = new float[3 * 96];
        Whole(input);
        for (int sample = 0; sample < 3; sample++)
            input[sample * 96] = 127;
        for (int unit = 0; unit < 5; unit++)
            network.Parameters[0].Values[unit] = 127;
        using QuantisedNetwork quantised = new(network, Managed);

        Assert.That(quantised.Forward(new Pass([0, 1, 2], false), input).ToArray(), Is.EqualTo(network.Forward(new Pass([0, 1, 2], false), input).ToArray()).AsCollection);
        Assert.That(() => quantised.Forward(new Pass([0, 1, 2, 3], false), input), Throws.ArgumentException);
    }

    private static sbyte[] Bytes(int count, ulong stream) => [.. Enumerable.Range(0, count).Select(i => (sbyte)(new RandomSequence(5, stream).UniformAt(i) * 254.9 - 127.4))];

    private static void Whole(Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (int)(new RandomSequence(8, 1).UniformAt(i) * 21) - 10;
    }
}
