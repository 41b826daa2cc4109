using NUnit.Framework;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.RandomNumbers;

public sealed class RandomSequenceTests
{
    [Test]
    public void Filled_numbers_are_those_at_their_positions([Values(0, 1, 7, 15, 16, 33, (1L << 40) + 5)] long first, [Values(0, 1, 9, 16, 17, 50)] int count)
    {
        RandomSequence sequence = new(seed: 42, stream: 7);
        double[] uniform = new double[count], normal = new double[count];

        sequence.FillUniform(first, uniform);
        sequence.FillNormal(first, normal);

        for (int i = 0; i < count; i++)
        {
            Assert.That(uniform[i], Is.EqualTo(sequence.UniformAt(first + i)));
            Assert.That(normal[i], Is.EqualTo(sequence.NormalAt(first + i)));
        }
    }

    [Test]
    public void Seeds_and_streams_differ()
    {
        ulong[] bits = [new RandomSequence(1, 0).BitsAt(0), new RandomSequence(2, 0).BitsAt(0), new RandomSequence(1, 1).BitsAt(0), new RandomSequence(1, 0).BitsAt(1)];

        Assert.That(bits, Is.Unique);
    }

    [Test]
    public void A_negative_position_is_refused() =>
        Assert.That(() => new RandomSequence(1).UniformAt(-1), Throws.TypeOf<ArgumentOutOfRangeException>());

    // χ² of 100 equal cells over a million numbers: below 99 + 5·√198 but for one seed in some millions; these seeds are fixed.
    [Test]
    public void Uniform_numbers_fill_all_cells_alike([Values(1UL, 2UL)] ulong seed)
    {
        double[] values = new double[1_000_000];
        int[] counts = new int[100];

        new RandomSequence(seed).FillUniform(0, values);
        foreach (double value in values)
            counts[(int)(value * counts.Length)]++;

        double expected = values.Length / (double)counts.Length;
        Assert.That(counts.Sum(count => (count - expected) * (count - expected) / expected), Is.InRange(99 - 5 * Math.Sqrt(198), 99 + 5 * Math.Sqrt(198)));
    }

    // Moments of a million standard normal numbers, each within five standard errors: 1, √2, √15, √96 over √n.
    [Test]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        double[] values = new double[1_000_000];

        new RandomSequence(3).FillNormal(0, values);

        double error = 5 / Math.Sqrt(values.Length);
        Assert.Multiple(() =>
        {
            Assert.That(values.Average(), Is.EqualTo(0).Within(error));
            Assert.That(values.Average(x => x * x), Is.EqualTo(1).Within(Math.Sqrt(2) * error));
            Assert.That(values.Average(x => x * x * x), Is.EqualTo(0).Within(Math.Sqrt(15) * error));
            Assert.That(values.Average(x => x * x * x * x), Is.EqualTo(3).Within(Math.Sqrt(96) * error));
        });
    }

    [Test]
    public void Filling_allocates_nothing()
    {
        double[] values = new double[1000];
        RandomSequence sequence = new(5);
        sequence.FillNormal(3, values);

        long before = GC.GetAllocatedBytesForCurrentThread();
        sequence.FillNormal(3, values);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
