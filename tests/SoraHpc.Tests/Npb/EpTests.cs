using System.Runtime.Intrinsics;
using NUnit.Framework;
using SoraHpc.Jobs.Npb;
using SoraHpc.Jobs.Npb.Ep;

namespace SoraHpc.Tests.Npb;

public sealed class EpTests
{
    [Test]
    public void Vectors_count_what_the_definition_counts()
    {
        if (!EpVectors.IsSupported)
            Assert.Ignore("this processor has no vectors of 512 bits");
        const int Pairs = 1 << 19;
        EpTally plain = default, vectors = default;

        EpReference.Add(NpbRandom.EpSeed, Pairs, ref plain);
        EpVectors.Add(NpbRandom.EpSeed, Pairs, ref vectors);

        for (int annulus = 0; annulus < EpTally.Annuli.Length; annulus++)
            Assert.That(vectors.Counts[annulus], Is.EqualTo(plain.Counts[annulus]), $"annulus {annulus}");
        Assert.That(plain.Counts[4], Is.Positive);          // the rare ones are there to be counted
        // n numbers below 6, each within a few ulp, summed in n roundings of a sum that stays below 6·√n.
        double bound = Pairs * Math.Sqrt(Pairs) * 6 * Math.Pow(2, -53);
        Assert.That(vectors.SumX, Is.EqualTo(plain.SumX).Within(bound));
        Assert.That(vectors.SumY, Is.EqualTo(plain.SumY).Within(bound));
    }

    [Test]
    public void Logarithm_is_within_two_units_of_the_larger_of_itself_and_one()
    {
        if (!EpVectors.IsSupported)
            Assert.Ignore("this processor has no vectors of 512 bits");
        Random random = new(7);
        for (int i = 0; i < 100_000; i++)
        {
            double t = i < 200 ? 1 - i * Math.Pow(2, -53) : Math.Pow(random.NextDouble(), 1 + i % 8);
            double computed = EpVectors.Log(Vector512.Create(t))[0], exact = Math.Log(t);
            Assert.That(Math.Abs(computed - exact), Is.LessThanOrEqualTo(Math.Pow(2, -51) * Math.Max(1, Math.Abs(exact))), $"ln {t:R}");
        }
    }

    [Test]
    public void Root_of_a_quotient_is_within_four_units()
    {
        if (!EpVectors.IsSupported)
            Assert.Ignore("this processor has no vectors of 512 bits");
        Random random = new(8);
        for (int i = 0; i < 100_000; i++)
        {
            double y = Math.Pow(random.NextDouble(), 1 + i % 8) * 40, t = Math.Pow(random.NextDouble(), 1 + i % 5);
            double computed = EpVectors.RootOfQuotient(Vector512.Create(y), Vector512.Create(t))[0], exact = Math.Sqrt(y / t);
            Assert.That(Math.Abs(computed / exact - 1), Is.LessThanOrEqualTo(Math.Pow(2, -50)), $"√({y:R}/{t:R})");
        }
    }
}
