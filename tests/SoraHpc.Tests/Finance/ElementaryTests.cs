using System.Runtime.Intrinsics;
using NUnit.Framework;
using SoraHpc.Jobs.Finance;

namespace SoraHpc.Tests.Finance;

/// <summary>Expected values were computed with 40 digits by mpmath; scipy.stats.norm.cdf agrees with those of Φ to its own accuracy.</summary>
public sealed class ElementaryTests
{
    private const double Unit = 1.0 / (1L << 52);

    [TestCase(-700.25, 7.6787238131108722116e-305)]
    [TestCase(-50.5, 1.1698459177061964686e-22)]
    [TestCase(-1.0, 0.3678794411714423216)]
    [TestCase(-1e-10, 0.9999999999)]
    [TestCase(0.0, 1.0)]
    [TestCase(0.1, 1.1051709180756476309)]
    [TestCase(0.34657359, 1.414213561977153905)]
    [TestCase(1.0, 2.7182818284590452354)]
    [TestCase(2.5, 12.182493960703473438)]
    [TestCase(100.75, 5.6907440338815742922e+43)]
    [TestCase(700.5, 1.6721859620674985572e+304)]
    public void Exponential_is_within_a_unit_in_the_last_place(double x, double expected) =>
        Assert.That(Elementary.Exp(x), Is.EqualTo(expected).Within(expected * Unit));

    [TestCase(1e-300, -690.77552789821370518)]
    [TestCase(0.001, -6.9077552789821370312)]
    [TestCase(0.7, -0.35667494393873244235)]
    [TestCase(0.70710678, -0.3465735919580041927)]
    [TestCase(0.999999, -1.0000005000290890269e-6)]
    [TestCase(1.0, 0.0)]
    [TestCase(1.0000001, 9.9999995058387045178e-8)]
    [TestCase(1.4142135623730951, 0.34657359027997272307)]
    [TestCase(1.4142135623730954, 0.34657359027997288008)]
    [TestCase(2.0, 0.69314718055994530942)]
    [TestCase(10.0, 2.302585092994045684)]
    [TestCase(12345.678, 9.4210613212918319671)]
    [TestCase(1e300, 690.77552789821370526)]
    public void Logarithm_is_as_accurate_as_it_says(double x, double expected) =>
        Assert.That(Elementary.Log(x), Is.EqualTo(expected).Within(Math.Max(Math.Abs(expected), 1) * 2 * Unit));

    [TestCase(-37.5, 4.6053530095819548438e-308, 1e-13)]        // beyond what is promised: the exponential is near the end of its range
    [TestCase(-30.0, 4.9067139271481870595e-198, 1e-15)]
    [TestCase(-20.0, 2.7536241186062336951e-89, 1e-15)]
    [TestCase(-10.0, 7.619853024160526066e-24, 1e-15)]
    [TestCase(-8.0, 6.2209605742717841235e-16, 1e-15)]
    [TestCase(-5.0, 2.8665157187919391167e-7, 1e-15)]
    [TestCase(-3.25, 0.00057702504239076704292, 1e-15)]
    [TestCase(-2.0, 0.0227501319481792072, 1e-15)]
    [TestCase(-1.5, 0.066807201268858066004, 1e-15)]
    [TestCase(-1.0, 0.15865525393145705141, 1e-15)]
    [TestCase(-0.5, 0.30853753872598689636, 1e-15)]
    [TestCase(-0.1, 0.46017216272297101633, 1e-15)]
    [TestCase(-1e-09, 0.4999999996010577196, 1e-15)]
    [TestCase(0.0, 0.5, 1e-15)]
    [TestCase(0.25, 0.59870632568292372424, 1e-15)]
    [TestCase(0.75, 0.77337264762313180067, 1e-15)]
    [TestCase(1.0, 0.84134474606854294859, 1e-15)]
    [TestCase(1.959963984540054, 0.97499999999999998912, 1e-15)]
    [TestCase(3.0, 0.99865010196836990547, 1e-15)]
    [TestCase(5.0, 0.99999971334842812081, 1e-15)]
    [TestCase(8.0, 0.9999999999999993779, 1e-15)]
    public void Normal_distribution_is_as_accurate_as_it_says(double x, double expected, double relative) =>
        Assert.That(NormalDistribution.Of(x), Is.EqualTo(expected).Within(expected * relative));

    [Test]
    public void Exponential_agrees_with_the_runtimes_everywhere_within_two_units()
    {
        for (double x = -700; x < 700; x += 0.0137)
            Assert.That(Elementary.Exp(x), Is.EqualTo(Math.Exp(x)).Within(2 * Unit * Math.Exp(x)), $"{x}");
    }

    [Test]
    public void Logarithm_undoes_the_exponential([Range(-600.0, 600.0, 37.3)] double x) =>
        Assert.That(Elementary.Log(Elementary.Exp(x)), Is.EqualTo(x).Within(4 * Unit * Math.Max(1, Math.Abs(x))));

    [Test]
    public void Lanes_do_not_know_of_each_other()
    {
        Vector512<double> x = Vector512.Create(-900, -40, -2.5, -0.0, 0.3, 1, 12, 800.0);
        Vector512<double> exponentials = Elementary.Exp(x), normals = NormalDistribution.Of(x);

        for (int lane = 0; lane < 8; lane++)
        {
            Assert.That(exponentials[lane], Is.EqualTo(Elementary.Exp(x[lane])));
            Assert.That(normals[lane], Is.EqualTo(NormalDistribution.Of(x[lane])));
        }
    }

    // The bits of every host: of any vector width, with a fused multiply-add in the processor or without.
    [Test]
    public void Bits_are_the_same_on_any_host()
    {
        ulong mixed = 0;
        for (double x = -30; x < 30; x += 0.01)
            foreach (double value in (ReadOnlySpan<double>)[Elementary.Exp(x), NormalDistribution.Of(x), Elementary.Log(x + 31)])
                mixed = ulong.RotateLeft(mixed, 7) * 0x9E3779B97F4A7C15 ^ BitConverter.DoubleToUInt64Bits(value);

        Assert.That(mixed, Is.EqualTo(18242564078574561279UL));
    }
}
