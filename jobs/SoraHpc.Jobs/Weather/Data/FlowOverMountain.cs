namespace SoraHpc.Jobs.Weather;

/// <summary>Case 5: a balanced zonal flow meets a mountain of 2000 m at 30° N, 90° W. Equation 134 and the text before it.</summary>
public sealed class FlowOverMountain : WilliamsonCase
{
    private const double Speed = 20, Top = 5960, Summit = 2000, Width = Math.PI / 9;
    private const double SummitLatitude = Math.PI / 6, SummitLongitude = 3 * Math.PI / 2;

    public override int Number => 5;
    public override string Title => "zonal flow over an isolated mountain";
    public override double Days => 15;

    /// <inheritdoc/>
    public override FlowState At(Cartesian direction, double seconds)
    {
        GeoPoint point = GeoPoint.Of(direction);
        double north = point.Latitude - SummitLatitude, east = point.Longitude - SummitLongitude;
        double bottom = Summit * (1 - Math.Min(Width, Math.Sqrt(north * north + east * east)) / Width);
        return new(BalancedSurface(Top, Speed, direction.Z) - bottom, bottom, Speed * new Cartesian(-direction.Y, direction.X, 0));
    }
}
