namespace SoraHpc.Jobs.Weather;

/// <summary>The rotating sphere of the standard test set.</summary>
/// <remarks>Source: Williamson, Drake, Hack, Jakob, Swarztrauber, J. Comput. Phys. 102 (1992) 211–224, section 2.</remarks>
public static class Planet
{
    /// <summary>Radius a [m].</summary>
    public const double Radius = 6.37122e6;

    /// <summary>Angular velocity Ω [s⁻¹].</summary>
    public const double Rotation = 7.292e-5;

    /// <summary>Acceleration of gravity g [m s⁻²].</summary>
    public const double Gravity = 9.80616;

    /// <summary>Length of a day [s].</summary>
    public const double Day = 86400;
}
