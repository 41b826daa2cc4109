namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Numbers on a grid of latitudes and longitudes, to be drawn.</summary>
public sealed class LatLonField
{
    /// <param name="values">Row-major, shape (latitudes, longitudes); NaN where there is nothing.</param>
    /// <param name="latitudes">[degrees north], in [−90, 90], rising or falling, at least 2.</param>
    /// <param name="longitudes">[degrees east], rising, over at most 360°, at least 2; 0…360 and −180…180 are both fine.</param>
    /// <exception cref="ArgumentException">Shapes differ, or coordinates are not in order.</exception>
    public LatLonField(double[] values, double[] latitudes, double[] longitudes)
    {
        if (latitudes.Length < 2 || longitudes.Length < 2)
            throw new ArgumentException($"a field needs at least 2 × 2 points, this one has {latitudes.Length} × {longitudes.Length}");
        if ((long)latitudes.Length * longitudes.Length != values.Length)
            throw new ArgumentException($"values holds {values.Length} entries, {latitudes.Length} × {longitudes.Length} are needed", nameof(values));
        CheckOrder(longitudes, rising: true, nameof(longitudes));
        CheckOrder(latitudes, latitudes[^1] > latitudes[0], nameof(latitudes));
        if (Math.Max(Math.Abs(latitudes[0]), Math.Abs(latitudes[^1])) > 90 + 1e-6)
            throw new ArgumentException("latitudes leave [−90, 90]", nameof(latitudes));
        if (longitudes[^1] - longitudes[0] > 360 + 1e-6)
            throw new ArgumentException("longitudes span more than 360°", nameof(longitudes));
        (Values, Latitudes, Longitudes) = (values, latitudes, longitudes);
    }

    /// <summary>Row-major, shape (latitudes, longitudes).</summary>
    public double[] Values { get; }

    /// <summary>[degrees north].</summary>
    public double[] Latitudes { get; }

    /// <summary>[degrees east], rising.</summary>
    public double[] Longitudes { get; }

    /// <summary>True when the first column follows the last: the field goes round the globe.</summary>
    public bool IsPeriodic
    {
        get
        {
            double span = Longitudes[^1] - Longitudes[0], spacing = span / (Longitudes.Length - 1);
            return span + 1.5 * spacing > 360;
        }
    }

    /// <summary>Smallest and largest finite value and the area mean; NaN when there is no finite value.</summary>
    public (double Min, double Max, double Mean) Statistics()
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity, sum = 0, area = 0;
        // A repeated meridian (0° and 360°) must not count twice.
        int columns = Longitudes[^1] - Longitudes[0] > 360 - 1e-6 ? Longitudes.Length - 1 : Longitudes.Length;
        for (int row = 0; row < Latitudes.Length; row++)
            for (int column = 0; column < columns; column++)
            {
                double value = Values[row * Longitudes.Length + column], weight = RowArea(row);
                if (!double.IsFinite(value))
                    continue;
                (min, max) = (Math.Min(min, value), Math.Max(max, value));
                sum += weight * value;
                area += weight;
            }
        return area > 0 ? (min, max, sum / area) : (double.NaN, double.NaN, double.NaN);
    }

    /// <summary>Area of the band nearest to a row on the unit sphere, up to a constant: sin(north edge) − sin(south edge).</summary>
    private double RowArea(int row)
    {
        double before = Edge(row, row - 1), after = Edge(row, row + 1);
        return Math.Abs(Math.Sin(after * Math.PI / 180) - Math.Sin(before * Math.PI / 180));
    }

    private double Edge(int row, int neighbour)
    {
        double here = Latitudes[row];
        double edge = (uint)neighbour < (uint)Latitudes.Length
            ? 0.5 * (here + Latitudes[neighbour])
            : here + 0.5 * (here - Latitudes[2 * row - neighbour]);
        return Math.Clamp(edge, -90, 90);
    }

    private static void CheckOrder(double[] coordinate, bool rising, string name)
    {
        for (int i = 1; i < coordinate.Length; i++)
            if (!(rising ? coordinate[i] > coordinate[i - 1] : coordinate[i] < coordinate[i - 1]))
                throw new ArgumentException($"{name} are not in order at index {i}: {coordinate[i - 1]}, {coordinate[i]}", name);
    }
}
