namespace SoraHpc.Jobs.Weather;

/// <summary>Case 6: a Rossby–Haurwitz wave of wave number 4. Equations 136–149.</summary>
public sealed class RossbyHaurwitzWave : WilliamsonCase
{
    private const double Rate = 7.848e-6, Top = 8000;       // ω = K [s⁻¹], h0 [m]
    private const int Wave = 4;                             // R

    public override int Number => 6;
    public override string Title => "Rossby–Haurwitz wave";
    public override double Days => 14;

    /// <inheritdoc/>
    public override FlowState At(Cartesian direction, double seconds)
    {
        GeoPoint point = GeoPoint.Of(direction);
        (double sin, double cos) = Math.SinCos(point.Latitude);
        (double sinWave, double cosWave) = Math.SinCos(Wave * point.Longitude);
        double power = Math.Pow(cos, Wave - 1);
        double east = Radius * Rate * (cos + power * (Wave * sin * sin - cos * cos) * cosWave);
        double north = -Radius * Rate * Wave * power * sin * sinWave;
        double shape = Radius * Radius / Gravity * (Zonal(cos) + First(cos) * cosWave + Second(cos) * Math.Cos(2 * Wave * point.Longitude));
        return new(Top + shape, 0, point.Wind(east, north));
    }

    // A, B and C of the paper [s⁻²].
    private static double Zonal(double cos) => Rate / 2 * (2 * Omega + Rate) * cos * cos + Rate * Rate / 4 * Math.Pow(cos, 2 * Wave)
        * ((Wave + 1) * cos * cos + (2 * Wave * Wave - Wave - 2)) - Rate * Rate / 2 * Wave * Wave * Math.Pow(cos, 2 * Wave - 2);

    private static double First(double cos) => 2 * (Omega + Rate) * Rate / ((Wave + 1) * (Wave + 2)) * Math.Pow(cos, Wave)
        * (Wave * Wave + 2 * Wave + 2 - (Wave + 1) * (Wave + 1) * cos * cos);

    private static double Second(double cos) => Rate * Rate / 4 * Math.Pow(cos, 2 * Wave) * ((Wave + 1) * cos * cos - (Wave + 2));
}
