namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Values of a field between its points: cubic (Catmull–Rom) in both directions, held inside the range of the 16 points around.</summary>
/// <remarks>Next to a missing value it falls back to the nearest point; beyond the outermost rows the outermost value holds.</remarks>
internal sealed class FieldSampler(LatLonField field)
{
    /// <summary>The field at every pair of a latitude and a longitude.</summary>
    /// <returns>Row-major, shape (latitudes, longitudes).</returns>
    internal double[] Resample(double[] latitudes, double[] longitudes, double[] values)
    {
        Place[] rows = Array.ConvertAll(latitudes, latitude => Locate(field.Latitudes, latitude));
        Place[] columns = Array.ConvertAll(longitudes, longitude => Locate(field.Longitudes, Wrap(longitude)));
        var sampled = new double[rows.Length * columns.Length];
        for (int row = 0; row < rows.Length; row++)
            for (int column = 0; column < columns.Length; column++)
                sampled[row * columns.Length + column] = Interpolate(values, rows[row], columns[column]);
        return sampled;
    }

    /// <summary>Between points <c>Index</c> and <c>Index</c> + 1, a <c>Share</c> of the way.</summary>
    private readonly record struct Place(int Index, double Share);

    private double Wrap(double longitude)
    {
        if (!field.IsPeriodic)
            return longitude;
        double west = field.Longitudes[0], beyond = (longitude - west) % 360;
        return west + (beyond < 0 ? beyond + 360 : beyond);
    }

    private Place Locate(double[] coordinate, double at)
    {
        int count = coordinate.Length;
        if (coordinate == field.Longitudes && field.IsPeriodic && at >= coordinate[^1])
        {
            double gap = coordinate[0] + 360 - coordinate[^1];
            return new(count - 1, gap > 1e-9 ? (at - coordinate[^1]) / gap : 0);
        }
        bool rising = coordinate[^1] > coordinate[0];
        int low = 0, high = count - 1;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = coordinate[middle] <= at == rising ? (middle, high) : (low, middle);
        }
        return new(low, Math.Clamp((at - coordinate[low]) / (coordinate[low + 1] - coordinate[low]), 0, 1));
    }

    private double Interpolate(double[] values, Place row, Place column)
    {
        Span<double> across = stackalloc double[4];
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        for (int r = 0; r < 4; r++)
        {
            int line = Math.Clamp(row.Index - 1 + r, 0, field.Latitudes.Length - 1) * field.Longitudes.Length;
            double a = values[line + Column(column.Index - 1)], b = values[line + Column(column.Index)];
            double c = values[line + Column(column.Index + 1)], d = values[line + Column(column.Index + 2)];
            across[r] = Cubic(a, b, c, d, column.Share);
            min = Math.Min(min, Math.Min(Math.Min(a, b), Math.Min(c, d)));
            max = Math.Max(max, Math.Max(Math.Max(a, b), Math.Max(c, d)));
        }
        double value = Cubic(across[0], across[1], across[2], across[3], row.Share);
        return double.IsFinite(value) ? Math.Clamp(value, min, max) : Nearest(values, row, column);
    }

    private double Nearest(double[] values, Place row, Place column)
    {
        int line = Math.Clamp(row.Index + (row.Share < 0.5 ? 0 : 1), 0, field.Latitudes.Length - 1);
        return values[line * field.Longitudes.Length + Column(column.Index + (column.Share < 0.5 ? 0 : 1))];
    }

    private int Column(int column)
    {
        int count = field.Longitudes.Length;
        return field.IsPeriodic ? (column + count) % count : Math.Clamp(column, 0, count - 1);
    }

    private static double Cubic(double a, double b, double c, double d, double t) =>
        b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
