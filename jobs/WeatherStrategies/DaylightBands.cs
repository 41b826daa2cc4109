using SoraHpc.Decomposition;

namespace WeatherStrategies;

/// <summary>
/// Bands of latitude, for physics that costs more where the sun shines: the rows of the grid are latitudes from the south pole to the
/// north pole, and a row weighs by the part of the day it has daylight.
/// </summary>
/// <param name="declination">Latitude over which the sun stands [degrees], in [−23.44, 23.44]: June's solstice is 23.44, an equinox 0.</param>
/// <param name="sunlit">Work of a cell in sunlight, in units of one in the dark, ≥ 1.</param>
/// <remarks>Where the grid comes with weights that were measured, they count, and not this guess.</remarks>
public sealed class DaylightBands(double declination = 23.44, double sunlit = 2) : IPartitioner
{
    private const double Obliquity = 23.44;             // of the ecliptic [degrees]

    private readonly double declination = Math.Abs(declination) <= Obliquity ? declination
        : throw new ArgumentException($"the sun's declination is between -{Obliquity} and {Obliquity} degrees, not {declination}");
    private readonly double sunlit = sunlit >= 1 && double.IsFinite(sunlit) ? sunlit : throw new ArgumentException($"a sunlit cell is 1 unit of work or more, not {sunlit}");

    /// <inheritdoc/>
    public Division Cut(Grid grid, ReadOnlySpan<double> capabilities) =>
        new SlabPartitioner(dimension: 1).Cut(grid.Weights.IsEmpty ? grid with { Weights = Weigh(grid) } : grid, capabilities);

    /// <summary>The part of a day the sun is up, in [0, 1], where it stands over the equator's <paramref name="declination"/>: H/π, cos H = −tan φ · tan δ.</summary>
    /// <param name="latitude">φ [degrees].</param>
    /// <param name="declination">δ [degrees].</param>
    public static double Daylight(double latitude, double declination) =>
        Math.Acos(Math.Clamp(-Math.Tan(latitude * Math.PI / 180) * Math.Tan(declination * Math.PI / 180), -1, 1)) / Math.PI;

    private double[] Weigh(Grid grid)
    {
        (Extent tiles, Extent tile) = (grid.Tiles, grid.Tile);
        double[] weights = new double[tiles.Cells];
        for (long i = 0; i < weights.Length; i++)
        {
            long row = i / tiles.Columns % tiles.Rows * tile.Rows, rows = Math.Min(tile.Rows, grid.Extent.Rows - row);
            double latitude = -90 + 180 * (row + 0.5 * rows) / grid.Extent.Rows;
            weights[i] = rows * (1 + (sunlit - 1) * Daylight(latitude, declination));
        }
        return weights;
    }

    /// <inheritdoc/>
    public override string ToString() => $"daylight bands, declination {declination}°";
}
