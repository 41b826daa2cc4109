using System.Xml.Linq;
using NUnit.Framework;
using SoraHpc.Diagnostics.Pictures;

namespace SoraHpc.Tests.Diagnostics;

public sealed class FieldMapTests
{
    private static readonly double[] Latitudes = [.. Enumerable.Range(0, 37).Select(i => 90.0 - 5 * i)];
    private static readonly double[] Longitudes = [.. Enumerable.Range(0, 72).Select(i => 5.0 * i)];

    [Test]
    public void Map_is_well_formed_accessible_and_self_contained()
    {
        XElement svg = Draw("Height & wind <500 hPa>");

        Assert.Multiple(() =>
        {
            Assert.That(Texts(svg, "title").Single(), Is.EqualTo("Height & wind <500 hPa>"));
            Assert.That(Texts(svg, "desc").Single(), Does.Contain("area mean"));
            Assert.That(svg.Descendants().Attributes("href").Select(href => href.Value), Is.All.Match("^(data:image/png;base64,|#)"));
            Assert.That(Texts(svg, "text"), Is.SupersetOf(new[] { "60°N", "30°S", "0°", "90°E", "90°W", "180°" }));
        });
    }

    [Test]
    public void Map_of_the_same_field_is_the_same_text()
    {
        string first = Draw("a").ToString(), second = Draw("a").ToString();

        Assert.That(second, Is.EqualTo(first));
    }

    [TestCase(double.NaN)]
    [TestCase(5.0)]
    public void Map_without_contrast_is_still_drawn(double value)
    {
        var field = new LatLonField([.. Enumerable.Repeat(value, 37 * 72)], Latitudes, Longitudes);

        Assert.That(() => XElement.Parse(FieldMap.Draw(field, new FieldMapOptions { Title = "flat" })), Throws.Nothing);
    }

    [Test]
    public void Wind_of_another_shape_is_refused()
    {
        LatLonField field = Field((_, _) => 1);

        Assert.That(() => FieldMap.Draw(field, new FieldMapOptions { Title = "x" }, new WindField([1], [1])), Throws.ArgumentException);
    }

    [Test]
    public void Mean_of_the_squared_sine_of_latitude_is_a_third()
    {
        (_, _, double mean) = Field((latitude, _) => Math.Pow(Math.Sin(latitude), 2)).Statistics();

        // The midpoint rule on 5° bands: its error is of the order of the spacing squared.
        Assert.That(mean, Is.EqualTo(1.0 / 3).Within(1e-3));
    }

    [Test]
    public void Repeated_meridian_counts_once_in_the_mean()
    {
        double[] values = [5, 1, 5, 5, 1, 5], longitudes = [0, 180, 360];

        Assert.That(new LatLonField(values, [-45, 45], longitudes).Statistics().Mean, Is.EqualTo(3).Within(1e-12));
    }

    [Test]
    public void Sampler_at_grid_points_returns_the_field()
    {
        LatLonField field = Field((latitude, longitude) => Math.Cos(latitude) * Math.Sin(2 * longitude));

        double[] sampled = new FieldSampler(field).Resample(Latitudes, Longitudes, field.Values);

        Assert.That(sampled, Is.EqualTo(field.Values).Within(1e-12));
    }

    [Test]
    public void Sampler_crosses_the_date_line_either_way([Values(-182.5, 177.5, 537.5)] double longitude)
    {
        LatLonField field = Field((_, east) => Math.Cos(east));

        // Catmull–Rom on spacing h = 5° errs by less than h² in units of the second derivative, here 1.
        Assert.That(new FieldSampler(field).Resample([0], [longitude], field.Values)[0], Is.EqualTo(Math.Cos(longitude * Math.PI / 180)).Within(1e-3));
    }

    [Test]
    public void Sampler_stays_inside_the_range_of_a_jump()
    {
        LatLonField field = Field((latitude, _) => latitude > 0 ? 1 : 0);
        double[] fine = [.. Enumerable.Range(0, 200).Select(i => 90 - 0.9 * i)];

        Assert.That(new FieldSampler(field).Resample(fine, [10, 11, 12.5], field.Values), Is.All.InRange(0.0, 1.0));
    }

    [TestCase(new[] { 0.0, 10, 5 }, new[] { 0.0, 1, 2 })]
    [TestCase(new[] { 0.0, 45, 95 }, new[] { 0.0, 1, 2 })]
    [TestCase(new[] { 0.0, 10, 20 }, new[] { 0.0, 200, 400 })]
    [TestCase(new[] { 0.0, 10 }, new[] { 0.0, 1, 2 })]
    public void Coordinates_that_are_no_grid_are_refused(double[] latitudes, double[] longitudes) =>
        Assert.That(() => new LatLonField(new double[9], latitudes, longitudes), Throws.ArgumentException);

    [TestCase(-30.0, "30°W")]
    [TestCase(330.0, "30°W")]
    [TestCase(190.0, "170°W")]
    [TestCase(-180.0, "180°")]
    [TestCase(360.0, "0°")]
    public void Longitude_label_is_east_or_west(double degrees, string label) => Assert.That(Graticule.Longitude(degrees), Is.EqualTo(label));

    [Test]
    public void Fast_speed_ignores_a_lone_gale_and_missing_winds()
    {
        double[] east = [.. Enumerable.Repeat(3.0, 200), 90, double.NaN], north = [.. Enumerable.Repeat(4.0, 200), 0, 1];

        Assert.That(WindArrows.FastSpeed(east, north), Is.EqualTo(5));
        Assert.That(WindArrows.FastSpeed([0, 0], [0, 0]), Is.EqualTo(1), "still air");
    }

    private static XElement Draw(string title)
    {
        LatLonField field = Field((latitude, longitude) => 5500 + 300 * Math.Cos(latitude) * Math.Cos(latitude) + 50 * Math.Sin(3 * longitude) * Math.Cos(latitude));
        var wind = new WindField([.. field.Values.Select(_ => 12.0)], [.. field.Values.Select(_ => -3.0)]);
        return XElement.Parse(FieldMap.Draw(field, new FieldMapOptions { Title = title, Quantity = "height", Unit = "m" }, wind));
    }

    private static LatLonField Field(Func<double, double, double> at) => new(
        [.. from latitude in Latitudes from longitude in Longitudes select at(latitude * Math.PI / 180, longitude * Math.PI / 180)], Latitudes, Longitudes);

    private static IEnumerable<string> Texts(XElement svg, string name) => svg.Descendants(svg.Name.Namespace + name).Select(element => element.Value);
}
