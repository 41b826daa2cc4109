using NUnit.Framework;
using SoraHpc.Decomposition;

namespace SoraHpc.Tests.Decomposition;

public sealed class HilbertCurveTests
{
    [Test]
    public void Curve_through_a_square_is_the_recursive_definition([Range(0, 7)] int order)
    {
        int side = 1 << order;
        int[] expected = [.. Enumerable.Range(0, side * side).Select(distance => PlaceAt(side, distance)).Select(at => at.Row * side + at.Column)];

        Assert.That(HilbertCurve.Order(new Extent(side, side)), Is.EqualTo(expected).Or.EqualTo(Transposed(expected, side)));
    }

    [Test]
    public void Curve_through_any_rectangle_visits_every_place_once([Range(1, 40)] int rows)
    {
        for (int columns = 1; columns <= 40; columns++)
            Assert.That(HilbertCurve.Order(new Extent(rows, columns)).Order(), Is.EqualTo(Enumerable.Range(0, rows * columns)), $"{rows} × {columns}");
    }

    [Test]
    public void Curve_through_any_rectangle_steps_to_direct_neighbours([Range(1, 40)] int rows)
    {
        for (int columns = 1; columns <= 40; columns++)
        {
            int[] order = HilbertCurve.Order(new Extent(rows, columns));
            for (int i = 1; i < order.Length; i++)
                Assert.That(Distance(order[i - 1], order[i], rows, columns), Is.EqualTo(1), $"{rows} × {columns}, step {i}");
        }
    }

    [Test]
    public void Curve_through_a_cube_visits_every_place_once_by_direct_steps([Values(1, 2, 4, 8, 16)] int side)
    {
        int[] order = HilbertCurve.Order(new Extent(side, side, side));

        Assert.That(order.Order(), Is.EqualTo(Enumerable.Range(0, side * side * side)));
        for (int i = 1; i < order.Length; i++)
            Assert.That(Distance(order[i - 1], order[i], side * side, side, side), Is.EqualTo(1), $"step {i}");
    }

    [TestCase(3, 5, 7)]
    [TestCase(2, 9, 4)]
    [TestCase(6, 2, 11)]
    [TestCase(7, 1, 5)]
    [TestCase(7, 5, 1)]
    [TestCase(7, 1, 1)]
    public void Curve_through_any_box_visits_every_place_once(int planes, int rows, int columns) =>
        Assert.That(HilbertCurve.Order(new Extent(planes, rows, columns)).Order(), Is.EqualTo(Enumerable.Range(0, planes * rows * columns)));

    // The textbook's loop from distance to place: two bits of the distance choose a quadrant, which turns what was placed so far.
    private static (int Row, int Column) PlaceAt(int side, int distance)
    {
        int x = 0, y = 0;
        for (int s = 1; s < side; s *= 2, distance /= 4)
        {
            int right = 1 & (distance / 2), up = 1 & (distance ^ right);
            if (up == 0)
            {
                if (right == 1)
                    (x, y) = (s - 1 - x, s - 1 - y);
                (x, y) = (y, x);
            }
            (x, y) = (x + s * right, y + s * up);
        }
        return (y, x);
    }

    private static int[] Transposed(int[] order, int side) => [.. order.Select(index => index % side * side + index / side)];

    private static int Distance(int a, int b, int rows, int columns, int rowsOfPlane = int.MaxValue)
    {
        (int rowA, int rowB) = (a / columns, b / columns);
        Assert.That(Math.Max(rowA, rowB), Is.LessThan(rows));
        return Math.Abs(rowA / rowsOfPlane - rowB / rowsOfPlane) + Math.Abs(rowA % rowsOfPlane - rowB % rowsOfPlane) + Math.Abs(a % columns - b % columns);
    }
}
