using NUnit.Framework;
using SoraHpc.Cli.Bench;

namespace SoraHpc.Tests.Cli;

public sealed class MedianIntervalTests
{
    // Which order statistics bound the median with 95 % probability: Conover (1999), by the binomial distribution of table A3.
    [TestCase(6, 1)]
    [TestCase(10, 2)]
    [TestCase(15, 4)]
    [TestCase(20, 6)]
    [TestCase(50, 18)]
    public void Bounds_of_a_median_are_those_of_the_sign_test(int count, int lowest) => Assert.That(MedianInterval.Outside(count) + 1, Is.EqualTo(lowest));

    [Test]
    public void Many_values_give_the_bounds_of_the_normal_approximation()
    {
        const int Count = 10_000;
        Assert.That(MedianInterval.Outside(Count), Is.EqualTo((Count / 2) - (1.96 * Math.Sqrt(Count) / 2)).Within(2));
    }

    [Test]
    public void Order_of_the_values_does_not_matter()
    {
        double[] values = [5, 3, 9, 1, 7, 4, 8, 2, 6, 10];

        Assert.That(MedianInterval.Of(values), Is.EqualTo(new MedianInterval(5.5, 2, 9)));
        Assert.That(MedianInterval.Of(values).ToString(), Is.EqualTo("5.500 (95 %: 2.000–9.000)"));
    }
}
