using NUnit.Framework;
using SoraHpc.Diagnostics.Pictures;

namespace SoraHpc.Tests.Diagnostics;

public sealed class ColorMapTests
{
    private static readonly TestCaseData[] Maps = [new TestCaseData(ColorMap.Sequential).SetArgDisplayNames("sequential"), new TestCaseData(ColorMap.Diverging).SetArgDisplayNames("diverging")];

    // A channel is rounded to 1/255, which moves a colour by up to about 0.003; sixteen steps of a map are at least 0.05 apart.
    [TestCaseSource(nameof(Maps))]
    public void Colors_are_evenly_spaced_to_the_eye(ColorMap map)
    {
        double[] steps = [.. Enumerable.Range(0, 15).Select(i => Oklab.FromRgb(map[16 * i]).DistanceTo(Oklab.FromRgb(map[16 * (i + 1)])))];

        Assert.That(steps.Max() / steps.Min(), Is.LessThan(1.25), string.Join(" ", steps.Select(step => step.ToString("0.000"))));
    }

    [Test]
    public void Sequential_map_gets_lighter_all_the_way()
    {
        double[] lightness = [.. Enumerable.Range(0, 64).Select(i => Oklab.FromRgb(ColorMap.Sequential[4 * i]).L)];

        Assert.That(lightness, Is.Ordered.Ascending);
        Assert.That(lightness[^1] - lightness[0], Is.GreaterThan(0.5), "readable in grey");
    }

    [Test]
    public void Diverging_map_is_as_light_on_one_side_as_on_the_other([Range(0, 120, 20)] int index) =>
        Assert.That(Oklab.FromRgb(ColorMap.Diverging[index]).L, Is.EqualTo(Oklab.FromRgb(ColorMap.Diverging[255 - index]).L).Within(0.03));

    // Reference: linear sRGB red through Ottosson's published example values.
    [Test]
    public void Oklab_of_red_is_the_published_value()
    {
        Oklab red = Oklab.FromRgb(new Rgb(255, 0, 0));

        Assert.That((red.L, red.A, red.B), Is.EqualTo((0.627955, 0.224863, 0.125846)).Using<(double, double, double)>((x, y) =>
            Math.Abs(x.Item1 - y.Item1) + Math.Abs(x.Item2 - y.Item2) + Math.Abs(x.Item3 - y.Item3) < 1e-4));
    }

    [Test]
    public void Oklab_and_back_returns_every_color([Values(0, 17, 128, 255)] int red, [Values(0, 99, 255)] int green, [Values(0, 200, 255)] int blue)
    {
        var color = new Rgb((byte)red, (byte)green, (byte)blue);

        Assert.That(Oklab.FromRgb(color).ToRgb(), Is.EqualTo(color));
    }

    [TestCase(-5.0, 0)]
    [TestCase(0.0, 0)]
    [TestCase(0.5, 128)]
    [TestCase(1.0, 255)]
    [TestCase(9.0, 255)]
    public void Index_of_a_value_stays_in_the_map(double value, int index) => Assert.That(ColorMap.IndexOf(value, 0, 1), Is.EqualTo(index));
}
