using NUnit.Framework;
using SoraHpc.Diagnostics.Pictures;

namespace SoraHpc.Tests.Diagnostics;

public sealed class TicksTests
{
    [TestCase(10, 10, 1)]
    [TestCase(869, 12, 100)]
    [TestCase(0.7, 5, 0.2)]
    [TestCase(23, 10, 2.5)]
    [TestCase(1e-5, 4, 2.5e-6)]
    public void Round_step_is_the_smallest_that_gives_few_enough(double range, int most, double step) =>
        Assert.That(Ticks.RoundStep(range, most), Is.EqualTo(step).Within(1e-12 * step));

    [Test]
    public void Multiples_include_ends_that_are_off_by_rounding() =>
        Assert.That(Ticks.Multiples(0.1 + 0.2, 0.6, 0.1), Is.EqualTo(new[] { 0.3, 0.4, 0.5, 0.6 }).Within(1e-12));

    [TestCase(5400, 100, "5400")]
    [TestCase(12500, 2500, "12\u2009500")]
    [TestCase(-0.5, 0.25, "−0.50")]
    [TestCase(0, 0.25, "0")]
    [TestCase(2e-6, 1e-6, "2·10⁻⁶")]
    [TestCase(-1e-5, 1e-5, "−10⁻⁵")]
    [TestCase(3e8, 1e8, "3·10⁸")]
    public void Label_is_typeset_for_print(double value, double step, string label) => Assert.That(Ticks.Label(value, step), Is.EqualTo(label));

    [TestCase(5512.6, "5513")]
    [TestCase(0.012345, "0.01234")]
    [TestCase(-42.4242, "−42.42")]
    [TestCase(0, "0")]
    public void Number_has_about_four_digits(double value, string text) => Assert.That(Ticks.Number(value), Is.EqualTo(text));

    [Test]
    public void Logarithmic_ticks_of_two_decades_are_subdivided() =>
        Assert.That(Ticks.Logarithmic(10, 100, 9), Is.EqualTo(new[] { 10.0, 20, 50, 100 }).Within(1e-9));

    [Test]
    public void Logarithmic_ticks_of_many_decades_are_thinned() => Assert.That(Ticks.Logarithmic(1e-16, 1, 8), Has.Length.InRange(4, 8));
}
