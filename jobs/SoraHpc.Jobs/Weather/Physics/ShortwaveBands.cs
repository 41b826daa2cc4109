namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Sunlight in eight parts, one a vector lane: where water vapour absorbs with one of eight strengths. The first, weakest, is the visible
/// light, which ozone absorbs and air scatters.
/// </summary>
internal static class ShortwaveBands
{
    internal const int Count = 8;

    /// <summary>Part of the sunlight. Source: Lacis, Hansen, J. Atmos. Sci. 31 (1974) 118–133, table 1.</summary>
    internal static ReadOnlySpan<double> Part => [0.6470, 0.0698, 0.1443, 0.0584, 0.0335, 0.0225, 0.0158, 0.0087];

    /// <summary>Absorption by water vapour [cm² g⁻¹]. Source: as above.</summary>
    internal static ReadOnlySpan<double> Water => [4e-5, 0.002, 0.035, 0.377, 1.95, 9.40, 44.6, 190];

    /// <summary>Absorption by ozone [per cm at standard conditions].</summary>
    /// <remarks>The grey value with which 0.3 cm under an overhead sun take what Lacis and Hansen's eqs. 8 to 10 give, 2.21 % of all sunlight.</remarks>
    internal static ReadOnlySpan<double> Ozone => [0.116, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Optical depth of Rayleigh scattering of a whole atmosphere. Source: Hansen, Travis, Space Sci. Rev. 16 (1974) 527–610, eq. 2.30,
    /// at 0.5 µm for visible light, at 1.2 µm for the rest.</summary>
    internal static ReadOnlySpan<double> Rayleigh => [0.1436, 0.0042, 0.0042, 0.0042, 0.0042, 0.0042, 0.0042, 0.0042];
}
