namespace SoraHpc.Jobs.Weather;

/// <summary>The air and the sunlight the columns are made of.</summary>
public static class Atmosphere
{
    /// <summary>Pressure at the surface [Pa]. Source: Held, Suarez, Bull. Amer. Meteor. Soc. 75 (1994) 1825–1830.</summary>
    public const double SurfacePressure = 1e5;

    /// <summary>Heat capacity c_p of dry air [J kg⁻¹ K⁻¹]. Source: as above.</summary>
    public const double HeatCapacity = 1004;

    /// <summary>κ = R / c_p of dry air. Source: as above.</summary>
    public const double Kappa = 2.0 / 7.0;

    /// <summary>Stefan–Boltzmann constant σ [W m⁻² K⁻⁴]. Source: CODATA 2018.</summary>
    public const double StefanBoltzmann = 5.670374419e-8;

    /// <summary>Sunlight at one astronomical unit [W m⁻²]. Source: Kopp, Lean, Geophys. Res. Lett. 38 (2011) L01706.</summary>
    public const double SolarConstant = 1360.8;

    /// <summary>Albedo of the surface; stands for the clouds too, which the columns do not have. Source: O'Gorman, Schneider, J. Climate 21
    /// (2008) 3815–3832.</summary>
    public const double SurfaceAlbedo = 0.38;

    /// <summary>Heat capacity of the surface, a mixed layer of 2.4 m of water [J m⁻² K⁻¹]. Source: Frierson, Held, Zurita-Gotor, J. Atmos. Sci. 63
    /// (2006) 2548–2566.</summary>
    public const double SurfaceHeatCapacity = 1e7;

    /// <summary>Longwave optical depth of a whole column at the equator. Source: O'Gorman, Schneider (2008).</summary>
    public const double OpticalDepthAtEquator = 7.2;

    /// <summary>Longwave optical depth of a whole column at the poles. Source: as above.</summary>
    public const double OpticalDepthAtPoles = 1.8;

    /// <summary>Part of the longwave optical depth that goes with p; the rest goes with p⁴. Source: as above.</summary>
    public const double WellMixedPart = 0.2;

    /// <summary>Exchange coefficient of heat between surface and lowest layer. Source: Large, Pond, J. Phys. Oceanogr. 12 (1982) 464–482
    /// (1.1e-3 over unstable air).</summary>
    public const double ExchangeCoefficient = 1.1e-3;

    /// <summary>Density of the air the exchange works in [kg m⁻³]: p / (R T) at 1000 hPa and 290 K, rounded.</summary>
    public const double SurfaceDensity = 1.2;

    /// <summary>Least wind that carries heat from the surface [m s⁻¹]: gusts. Chosen.</summary>
    public const double Gusts = 3;

    /// <summary>Temperature [K] where a column starts. Source: the equilibrium of Held and Suarez (1994).</summary>
    /// <param name="sinLatitude">sin θ.</param>
    /// <param name="pressure">p / <see cref="SurfacePressure"/>, in (0, 1].</param>
    public static double StartTemperature(double sinLatitude, double pressure) => StartTemperature(sinLatitude * sinLatitude, Math.Log(pressure), Math.Pow(pressure, Kappa));

    internal static double StartTemperature(double sinSquared, double logPressure, double exner) =>
        Math.Max(200, (315 - 60 * sinSquared - 10 * logPressure * (1 - sinSquared)) * exner);
}
