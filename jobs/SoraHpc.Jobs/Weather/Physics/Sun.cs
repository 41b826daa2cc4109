namespace SoraHpc.Jobs.Weather;

/// <summary>Where the sun stands as seen from the turning planet, and how near it is. Its declination stays that of the start.</summary>
/// <remarks>Source: Spencer, Search 2 (1971) 172: Fourier series of the day of the year; declination within 0.0006 rad.</remarks>
public readonly struct Sun
{
    private readonly double sinDeclination, cosDeclination, hourAngle;

    /// <param name="start">Date and time of model time 0, UTC.</param>
    public Sun(DateTime start)
    {
        double day = start.DayOfYear - 1 + start.TimeOfDay.TotalDays;
        (double sin, double cos) = Math.SinCos(2 * Math.PI * day / 365);
        double sin2 = 2 * sin * cos, cos2 = cos * cos - sin * sin, sin3 = sin2 * cos + cos2 * sin, cos3 = cos2 * cos - sin2 * sin;
        Declination = 0.006918 - 0.399912 * cos + 0.070257 * sin - 0.006758 * cos2 + 0.000907 * sin2 - 0.002697 * cos3 + 0.00148 * sin3;
        Nearness = 1.00011 + 0.034221 * cos + 0.00128 * sin + 0.000719 * cos2 + 0.000077 * sin2;
        double equationOfTime = 0.0000075 + 0.001868 * cos - 0.032077 * sin - 0.014615 * cos2 - 0.040849 * sin2;
        (sinDeclination, cosDeclination) = Math.SinCos(Declination);
        hourAngle = 2 * Math.PI * start.TimeOfDay.TotalDays - Math.PI + equationOfTime;
    }

    /// <summary>Latitude at which the sun is overhead [rad].</summary>
    public double Declination { get; }

    /// <summary>(mean distance / distance)²: what sunlight is multiplied by.</summary>
    public double Nearness { get; }

    /// <summary>Sunlight on a plane that faces the sun [W m⁻²].</summary>
    public double Irradiance => Nearness * Atmosphere.SolarConstant;

    /// <summary>Hour angle [rad] at a longitude [rad], 0 at local noon; grows without bound over days.</summary>
    public double HourAngle(double longitude, double seconds) => hourAngle + longitude + 2 * Math.PI * seconds / Planet.Day;

    /// <summary>Cosine of the zenith angle μ at latitude θ is Mean + Swing · cos(hour angle); below 0 it is night.</summary>
    /// <param name="sinLatitude">sin θ.</param>
    public (double Mean, double Swing) Height(double sinLatitude) =>
        (sinLatitude * sinDeclination, Math.Sqrt(Math.Max(0, 1 - sinLatitude * sinLatitude)) * cosDeclination);

    /// <summary>Hour angle of sunset [rad], in [0, π]: 0 where the sun does not rise, π where it does not set.</summary>
    public static double Sunset(double mean, double swing) => swing <= Math.Abs(mean) ? (mean > 0 ? Math.PI : 0) : Math.Acos(-mean / swing);
}
