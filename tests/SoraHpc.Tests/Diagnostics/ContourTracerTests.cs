using System.Numerics;
using NUnit.Framework;
using SoraHpc.Diagnostics.Pictures;

namespace SoraHpc.Tests.Diagnostics;

public sealed class ContourTracerTests
{
    [Test]
    public void Contour_of_a_cone_is_one_closed_circle()
    {
        const int size = 61;
        const double radius = 20.3;
        double[] cone = Field(size, size, (row, column) => double.Hypot(row - 30, column - 30));

        List<Vector2[]> lines = ContourTracer.Trace(cone, size, size, radius);

        Assert.That(lines, Has.Count.EqualTo(1));
        Assert.Multiple(() =>
        {
            Assert.That(lines[0][0], Is.EqualTo(lines[0][^1]), "closed");
            // Linear interpolation of a radius between nodes one apart errs by at most 1 / (8 r).
            Assert.That(lines[0].Select(point => (double)Vector2.Distance(point, new Vector2(30, 30))), Is.All.EqualTo(radius).Within(1 / (8 * radius) + 1e-4));
            Assert.That(Length(lines[0]), Is.EqualTo(2 * Math.PI * radius).Within(0.5).Percent);
        });
    }

    [Test]
    public void Contour_of_a_slope_is_one_straight_line_from_edge_to_edge()
    {
        double[] slope = Field(5, 9, (_, column) => column);

        Vector2[] line = ContourTracer.Trace(slope, 5, 9, 3.25).Single();

        Assert.That(line.Select(point => point.X), Is.All.EqualTo(3.25f));
        Assert.That(line.Select(point => point.Y).Order(), Is.EqualTo(new[] { 0f, 1, 2, 3, 4 }));
    }

    [TestCase(1.0, 0.0)]
    [TestCase(0.0, 1.0)]
    public void Saddle_is_crossed_by_two_lines_that_do_not_touch(double diagonal, double other)
    {
        List<Vector2[]> lines = ContourTracer.Trace([diagonal, other, other, diagonal], 2, 2, 0.45);

        Assert.That(lines, Has.Count.EqualTo(2));
        Assert.That(lines.SelectMany(line => line).Distinct().Count(), Is.EqualTo(4));
    }

    [Test]
    public void Saddle_joins_the_corners_on_the_side_of_its_mean()
    {
        // Mean 0.5 ≥ 0.45: the high corners (top left, bottom right) hang together, so each line cuts off one low corner.
        List<Vector2[]> lines = ContourTracer.Trace([1, 0, 0, 1], 2, 2, 0.45);

        Assert.That(lines.Select(line => line.Average(point => point.X) > 0.5 == line.Average(point => point.Y) < 0.5), Is.All.True);
    }

    [Test]
    public void Missing_value_interrupts_the_line()
    {
        double[] slope = Field(7, 3, (_, column) => column);
        slope[3 * 3 + 1] = double.NaN;

        Assert.That(ContourTracer.Trace(slope, 7, 3, 0.5), Has.Count.EqualTo(2));
    }

    [Test]
    public void Level_outside_the_field_has_no_line() => Assert.That(ContourTracer.Trace([0, 1, 2, 3], 2, 2, 9), Is.Empty);

    private static double[] Field(int rows, int columns, Func<int, int, double> at) =>
        [.. from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, columns) select at(row, column)];

    private static double Length(Vector2[] line) => line.Zip(line.Skip(1), (a, b) => (double)Vector2.Distance(a, b)).Sum();
}
