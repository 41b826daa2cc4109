using System.Runtime.Intrinsics;
using NUnit.Framework;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.RandomNumbers;

public sealed class NormalQuantileTests
{
    // Computed by SciPy 1.10, scipy.stats.norm.ppf.
    [TestCase(1e-300, -37.0470962993612)]
    [TestCase(1e-20, -9.262340089798409)]
    [TestCase(1e-12, -7.034483825301131)]
    [TestCase(1e-05, -4.264890793922825)]
    [TestCase(0.01, -2.3263478740408408)]
    [TestCase(0.0749, -1.4402382675279635)]
    [TestCase(0.075, -1.4395314709384563)]
    [TestCase(0.2, -0.8416212335729142)]
    [TestCase(0.5, 0.0)]
    [TestCase(0.7, 0.5244005127080407)]
    [TestCase(0.925, 1.4395314709384563)]
    [TestCase(0.926, 1.446632067158979)]
    [TestCase(0.999999, 4.753424308817087)]
    public void Quantile_equals_an_independent_programs(double p, double expected) =>
        Assert.That(NormalQuantile.Of(p), Is.EqualTo(expected).Within(2e-15 * Math.Abs(expected)));

    [Test]
    public void A_lane_does_not_depend_on_what_the_others_hold()
    {
        double[] probabilities = [1e-17, 0.03, 0.5, 0.4, 0.97, 0.999999999999, 1e-300, 0.075];

        Vector512<double> together = NormalQuantile.Of(Vector512.Create<double>(probabilities));

        Assert.That(Enumerable.Range(0, 8).Select(lane => together[lane]), Is.EqualTo(probabilities.Select(NormalQuantile.Of)));
    }
}
