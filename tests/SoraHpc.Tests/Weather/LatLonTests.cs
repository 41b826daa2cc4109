using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

public sealed class LatLonTests
{
    private static readonly WilliamsonCase Wave = WilliamsonCase.Create(6);

    private static LatLonRows RowsOf(LatLonGrid grid, int first, int count, WilliamsonCase test)
    {
        int points = count * grid.Columns;
        LatLonRows rows = new(first, count, new double[points], new double[points], new double[points], new double[points]);
        for (int i = 0; i < rows.Surface.Length; i++)
        {
            GeoPoint point = grid.PointAt(first + i / grid.Columns, i % grid.Columns);
            FlowState state = test.At(point.Direction, 0);
            (rows.Surface[i], rows.Bottom[i]) = (state.Surface, state.Bottom);
            (rows.Eastward[i], rows.Northward[i]) = (state.Wind.Dot(point.East), state.Wind.Dot(point.North));
        }
        return rows;
    }

    private static IEnumerable<Cartesian> Places()
    {
        yield return new(0, 0, 1);
        yield return new(0, 0, -1);
        yield return new(1e-3, -1e-3, 1);
        Random random = new(9);
        for (int i = 0; i < 200; i++)
            yield return new GeoPoint(Math.PI * (random.NextDouble() - 0.5), 2 * Math.PI * random.NextDouble()).Direction;
    }

    [TestCase(90.0, -0.75, 241, -180.0, 480)]
    [TestCase(-90.0, 0.75, 241, 0.0, 480)]
    [TestCase(89.5, -1.0, 180, 0.5, 360)]
    public void Sampled_state_is_the_analytic_one_everywhere_poles_included(double latitude, double step, int rows, double longitude, int columns)
    {
        LatLonGrid grid = new(latitude, step, rows, longitude, columns);
        Cartesian[] places = [.. Places()];
        LatLonSampler sampler = new(grid, places);
        FlowState[] states = sampler.Sample(RowsOf(grid, sampler.FirstRow, sampler.RowCount, Wave));
        for (int i = 0; i < places.Length; i++)
        {
            Cartesian direction = 1 / places[i].Length * places[i];
            FlowState exact = Wave.At(direction, 0);
            Assert.That(states[i].Surface, Is.EqualTo(exact.Surface).Within(0.05));
            Assert.That((states[i].Wind - exact.Wind).Length, Is.LessThan(0.01));
        }
    }

    [Test]
    public void Sampler_of_northern_places_needs_northern_rows_alone()
    {
        LatLonSampler sampler = new(LatLonGrid.CellCentred(180), [new GeoPoint(1.2, 0).Direction, new GeoPoint(1.3, 2).Direction]);
        Assert.That(sampler.FirstRow, Is.GreaterThan(150));
        Assert.That(sampler.RowCount, Is.LessThan(12));
    }

    [Test]
    public void Coordinates_that_are_not_a_global_grid_are_refused()
    {
        double[] longitudes = [.. Enumerable.Range(0, 36).Select(i => 10.0 * i)], latitudes = [.. Enumerable.Range(0, 19).Select(i => 90 - 10.0 * i)];
        Assert.That(LatLonGrid.FromCoordinates(latitudes, longitudes).Rows, Is.EqualTo(19));
        Assert.That(() => LatLonGrid.FromCoordinates(latitudes, longitudes[..35]), Throws.TypeOf<SoraException>());
        Assert.That(() => LatLonGrid.FromCoordinates(latitudes[..18], longitudes), Throws.TypeOf<SoraException>());
        Assert.That(() => LatLonGrid.FromCoordinates([90, 80, 60, 50], longitudes), Throws.TypeOf<SoraException>());
    }

    [Test]
    public void Output_has_the_analytic_fields_and_the_same_bits_on_any_number_of_ranks([Values(1, 3)] int ranks)
    {
        LatLonGrid grid = LatLonGrid.CellCentred(31);       // odd: a row on the equator, columns on panel edges
        double[] whole = new double[31 * 62], alone = new double[31 * 62];
        Collect(1, alone);
        Collect(ranks, whole);
        Assert.That(whole, Is.EqualTo(alone).AsCollection);
        for (int i = 0; i < whole.Length; i++)
            Assert.That(whole[i], Is.EqualTo(Wave.At(grid.PointAt(i / 62, i % 62).Direction, 0).Surface).Within(2));

        void Collect(int size, double[] into) => WeatherRun.OnRanks(size, 8, Wave, (model, world) =>
        {
            LatLonOutput output = new(model, grid, element => element * size / model.Map.Sphere.Elements, world);
            output.Collect();
            output.Surface.CopyTo(into.AsSpan(output.FirstRow * grid.Columns));
            for (int i = 0; i < output.Surface.Length; i++)
            {
                GeoPoint point = grid.PointAt(output.FirstRow + i / grid.Columns, i % grid.Columns);
                Cartesian wind = Wave.At(point.Direction, 0).Wind;
                Assert.That(output.Eastward[i], Is.EqualTo(wind.Dot(point.East)).Within(0.2));
                Assert.That(output.Northward[i], Is.EqualTo(wind.Dot(point.North)).Within(0.2));
            }
        });
    }
}
