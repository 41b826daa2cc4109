using System.Xml.Linq;
using NUnit.Framework;
using SoraHpc.Diagnostics.Pictures;

namespace SoraHpc.Tests.Diagnostics;

public sealed class LinePlotTests
{
    [Test]
    public void Plot_is_well_formed_and_names_its_series([Values] bool logarithmic)
    {
        XElement svg = XElement.Parse(LinePlot.Draw(
            [new("mass & energy", [1, 2, 3], [1e-3, 1e-5, 1e-9], Markers: true), new("other", [1, 3], [1, 2])],
            new LinePlotOptions { Title = "drift", XLabel = "days", YLabel = "relative", LogarithmicX = logarithmic, LogarithmicY = logarithmic }));

        Assert.That(svg.Descendants(svg.Name.Namespace + "text").Select(text => text.Value), Is.SupersetOf(new[] { "mass & energy", "other", "days", "relative" }));
    }

    [Test]
    public void Value_that_has_no_place_breaks_the_line()
    {
        string svg = LinePlot.Draw([new("s", [1, 2, 3, 4, 5], [1, 2, 0, 4, 5])], new LinePlotOptions { Title = "t", LogarithmicY = true });

        string path = XElement.Parse(svg).Descendants().Attributes("d").Single().Value;
        Assert.That(path.Count(c => c == 'M'), Is.EqualTo(2));
    }

    [Test]
    public void Plot_without_any_value_is_still_drawn() =>
        Assert.That(() => XElement.Parse(LinePlot.Draw([new("s", [], [])], new LinePlotOptions { Title = "t", LogarithmicX = true })), Throws.Nothing);

    [Test]
    public void Series_of_unequal_length_is_refused() =>
        Assert.That(() => LinePlot.Draw([new("s", [1], [])], new LinePlotOptions { Title = "t" }), Throws.ArgumentException);

    [Test]
    public void Logarithmic_axis_ends_on_round_values()
    {
        var axis = new PlotAxis([16, 64], logarithmic: true, 9);

        Assert.Multiple(() =>
        {
            Assert.That(axis.Share(10), Is.Zero.Within(1e-12));
            Assert.That(axis.Share(100), Is.EqualTo(1).Within(1e-12));
            Assert.That(axis.Label(50), Is.EqualTo("50"));
        });
    }
}
