using NUnit.Framework;
using SoraHpc.Jobs.Npb;

namespace SoraHpc.Tests.Npb;

public sealed class NpbRandomTests
{
    [Test]
    public void Sequence_is_the_definition_in_whole_numbers()
    {
        NpbRandom random = new(NpbRandom.Seed);
        System.Numerics.BigInteger x = NpbRandom.Seed;
        for (int i = 0; i < 1000; i++)
        {
            x = x * 1_220_703_125 % (System.Numerics.BigInteger.One << 46);

            Assert.That(random.Next(), Is.EqualTo((double)x / Math.Pow(2, 46)));
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(777)]
    public void Skipped_numbers_are_those_not_drawn(int count)
    {
        NpbRandom drawn = new(NpbRandom.EpSeed), skipped = drawn;
        for (int i = 0; i < count; i++)
            drawn.Next();

        skipped.Skip((ulong)count);

        Assert.That(skipped.State, Is.EqualTo(drawn.State));
    }

    [Test]
    public void Filled_numbers_are_those_drawn_one_by_one([Values(0, 1, 15, 16, 17, 31, 32, 33, 1000)] int length)
    {
        NpbRandom drawn = new(NpbRandom.Seed), filled = drawn;
        double[] numbers = new double[length];

        filled.Fill(numbers);

        Assert.That(numbers, Is.EqualTo(numbers.Select(_ => drawn.Next()).ToArray()).AsCollection);
        Assert.That(filled.State, Is.EqualTo(drawn.State));
    }

    [Test]
    public void Every_other_number_has_the_squared_multiplier()
    {
        NpbRandom every = new(NpbRandom.Seed), other = new(NpbRandom.Seed, NpbRandom.Power(NpbRandom.Multiplier, 2));
        for (int i = 0; i < 100; i++)
        {
            every.Next();
            Assert.That(other.Next(), Is.EqualTo(every.Next()));
        }
    }
}
