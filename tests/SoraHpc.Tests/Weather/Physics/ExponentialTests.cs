using System.Runtime.Intrinsics;
using NUnit.Framework;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

public sealed class ExponentialTests
{
    [Test]
    public void Exponential_is_within_two_units_in_the_last_place()
    {
        double worst = 0;
        for (double x = Exponential.Least; x <= 3; x += 1.0 / 1021)
        {
            double expected = Math.Exp(x);
            worst = Math.Max(worst, Math.Abs(Exponential.Of(x) - expected) / (Math.BitIncrement(expected) - expected));
        }
        Assert.That(worst, Is.LessThanOrEqualTo(2));
        Assert.That(Exponential.Of(0.0), Is.EqualTo(1));
        Assert.That(Exponential.Of(-1e300), Is.EqualTo(Exponential.Of(Exponential.Least)));
    }

    [Test]
    public void Eight_at_once_have_the_bits_of_one()
    {
        Random random = new(7);
        double[] x = [.. Enumerable.Range(0, 8000).Select(_ => -150 * random.NextDouble() * random.NextDouble())];
        for (int i = 0; i < x.Length; i += 8)
            for (int lane = 0; lane < 8; lane++)
                Assert.That(Exponential.Of(Vector512.Create(x, i))[lane], Is.EqualTo(Exponential.Of(x[i + lane])));
    }
}
