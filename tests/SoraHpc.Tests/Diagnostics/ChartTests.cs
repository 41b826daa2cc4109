using System.Xml.Linq;
using NUnit.Framework;
using SoraHpc.Diagnostics.Pictures;

namespace SoraHpc.Tests.Diagnostics;

public sealed class ChartTests
{
    [Test]
    public void Bars_have_whiskers_as_long_as_their_deviations()
    {
        XElement svg = Parse(BarChart.Draw([("a", 4), ("b", 2)], "Title", "of two", "loss", [1, 0]));

        XElement[] bars = [.. Named(svg, "rect").Where(bar => (string?)bar.Attribute("fill") == "#2457b3")], whiskers = [.. Named(svg, "line").Where(line => (string?)line.Attribute("stroke-width") == "1.6")];
        Assert.That(whiskers, Has.Length.EqualTo(3));           // a line and two ends; none for 0
        double unit = Number(bars[0], "width") / 4;
        Assert.That(Number(whiskers[0], "x2") - Number(whiskers[0], "x1"), Is.EqualTo(2 * unit).Within(0.2));
        Assert.That(svg.ToString(), Does.Contain("4 ± 1"));
        Assert.That(() => BarChart.Draw([("a", 1)], "", "", "", [-1]), Throws.ArgumentException);
        Assert.That(() => BarChart.Draw([("a", 1)], "", "", "", []), Throws.ArgumentException);
    }

    [Test]
    public void Intervals_that_leave_0_out_are_full()
    {
        XElement svg = Parse(IntervalPlot.Draw([new("sure", 2, 1, 3, ""), new("unsure", 1, -1, 3, ""), new("unknown", 3, double.NaN, double.NaN, "")], "Title", "", "slope"));

        Assert.That(Named(svg, "circle").Select(dot => (string)dot.Attribute("fill")!), Is.EqualTo((string[])["#2457b3", "#c9ced8", "#c9ced8"]).AsCollection);
        Assert.That(Named(svg, "line").Count(line => (string?)line.Attribute("stroke-linecap") == "round"), Is.EqualTo(2));
        Assert.That(() => IntervalPlot.Draw([new("a", double.NaN, 0, 0, "")], "", "", ""), Throws.ArgumentException);
    }

    [Test]
    public void Confusion_shows_every_count_and_errors_in_another_colour()
    {
        XElement svg = Parse(ConfusionChart.Draw(new long[,] { { 90, 10 }, { 0, 7 } }, ["cat", "d<og"], "Title", "107 of them"));

        Assert.That(Named(svg, "text").Select(text => text.Value), Is.SupersetOf((string[])["90", "10", "0", "7", "cat", "d<og"]));
        Assert.That(Named(svg, "rect").Count(cell => (string?)cell.Attribute("fill") == "#1f4fa9"), Is.EqualTo(2));
        Assert.That(Named(svg, "rect").Count(cell => (string?)cell.Attribute("fill") == "#b43c22"), Is.EqualTo(1));
        Assert.That(() => ConfusionChart.Draw(new long[1, 2], ["a"], "", ""), Throws.ArgumentException);
    }

    [Test]
    public void Signs_over_an_image_are_red_and_blue_and_nothing_where_they_are_0()
    {
        string Draw(float[] signs) => ImageGallery.Draw([new([0, 1, 0.5f, 0], "x", Signs: signs)], 2, 2, "T", "", legend: "against and for");

        Assert.That(Named(Parse(Draw([0, -1, 1, 0])), "image").Count(), Is.EqualTo(2));         // and the legend's
        Assert.That(Draw([0, -1, 1, 0]), Is.Not.EqualTo(Draw([0, 1, -1, 0])));
        Assert.That(() => ImageGallery.Draw([new([0, 1, 0.5f, 0], "x", Signs: [1])], 2, 2, "T", ""), Throws.ArgumentException);
    }

    // Every colour of text, lines and marks has a light counterpart, so that nothing is dark on a dark page.
    [Test]
    public void All_colours_of_charts_have_their_like_on_dark_pages()
    {
        string[] charts =
        [
            BarChart.Draw([("a", 1), ("b", -1)], "T", "s", "l", [0.1, 0.2]), IntervalPlot.Draw([new("a", 1, 0, 2, "n")], "T", "s", "l"),
            LinePlot.Draw([.. Enumerable.Range(0, 6).Select(i => new PlotSeries($"{i}", [1, 2], [1, i], Markers: true))], new() { Title = "T" }),
        ];
        foreach (XElement svg in charts.Select(Parse))
        {
            string style = Named(svg, "style").Single().Value;
            string[] used = [.. svg.Descendants().Append(svg).Where(each => (string?)each.Attribute("id") != "page").SelectMany(each => new[] { (string?)each.Attribute("fill"), (string?)each.Attribute("stroke") }).OfType<string>().Where(colour => colour != "none").Distinct()];
            Assert.That(used.Where(colour => !style.Contains($"[fill=\"{colour}\"]", StringComparison.Ordinal)), Is.Empty);
            Assert.That(style, Does.StartWith("@media (prefers-color-scheme:dark){#page{fill:"));
        }
    }

    private static XElement Parse(string svg) => XDocument.Parse(svg).Root!;

    private static IEnumerable<XElement> Named(XElement svg, string name) => svg.Descendants().Where(each => each.Name.LocalName == name);

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, System.Globalization.CultureInfo.InvariantCulture);
}
