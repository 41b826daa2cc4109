namespace SoraHpc.Jobs.Weather;

/// <summary>A place on the sphere.</summary>
/// <param name="Latitude">θ [rad], in [−π/2, π/2].</param>
/// <param name="Longitude">λ [rad].</param>
public readonly record struct GeoPoint(double Latitude, double Longitude)
{
    /// <summary>The unit vector from the centre.</summary>
    public Cartesian Direction
    {
        get
        {
            (double sinLatitude, double cosLatitude) = Math.SinCos(Latitude);
            (double sinLongitude, double cosLongitude) = Math.SinCos(Longitude);
            return new(cosLatitude * cosLongitude, cosLatitude * sinLongitude, sinLatitude);
        }
    }

    /// <summary>The unit vector to the east. At a pole it is that of the point's own longitude.</summary>
    public Cartesian East
    {
        get
        {
            (double sin, double cos) = Math.SinCos(Longitude);
            return new(-sin, cos, 0);
        }
    }

    /// <summary>The unit vector to the north. At a pole it is that of the point's own longitude.</summary>
    public Cartesian North => Direction.Cross(East);

    /// <summary>The place in a direction; longitude in [0, 2π). The direction need not have length 1.</summary>
    public static GeoPoint Of(Cartesian direction)
    {
        double longitude = Math.Atan2(direction.Y, direction.X);
        double horizontal = Math.Sqrt(direction.X * direction.X + direction.Y * direction.Y);
        return new(Math.Atan2(direction.Z, horizontal), longitude < 0 ? longitude + 2 * Math.PI : longitude);
    }

    /// <summary>The tangent vector of a wind with eastward and northward components.</summary>
    public Cartesian Wind(double eastward, double northward) => eastward * East + northward * North;
}
