using SoraHpc.Communication;

namespace SoraHpc.Jobs.Weather;

/// <summary>What is the same in every column: pressures of layers of equal mass, and what of gases is prescribed in them.</summary>
internal sealed unsafe class LayerTable : IDisposable
{
    // Sources. Ozone above a height z: Green 1964, as in Lacis, Hansen, J. Atmos. Sci. 31 (1974) 118–133, eq. 19:
    // a (1 + e^(−b/c)) / (1 + e^((z − b)/c)). Rayleigh scattering: Hansen, Travis, Space Sci. Rev. 16 (1974) 527–610, eq. 2.30.
    private const double OzoneTotal = 0.4, OzoneHeight = 20e3, OzoneWidth = 5e3, ScaleHeight = 7.5e3, RayleighPressure = 101325;

    // Relative humidity: Manabe, Wetherald, J. Atmos. Sci. 24 (1967) 241–259.
    private const double SurfaceHumidity = 0.77, DryLevel = 0.02;

    private readonly AlignedBuffer<double> memory;
    private readonly double[] humidity, waterScale;

    internal LayerTable(int layers)
    {
        Layers = layers;
        memory = new(layers * 2 * ShortwaveBands.Count);
        Absorption = memory.Address;
        Scattering = memory.Address + layers * ShortwaveBands.Count;
        (Pressure, LogPressure, Exner) = (new double[layers], new double[layers], new double[layers]);
        (humidity, waterScale, LongwaveShape) = (new double[layers], new double[layers], new double[layers]);
        MassHeatCapacity = Atmosphere.HeatCapacity * Atmosphere.SurfacePressure / (layers * Planet.Gravity);
        for (int layer = 0; layer < layers; layer++)
            Fill(layer, (double)layer / layers, (layer + 1.0) / layers);
    }

    internal int Layers { get; }

    /// <summary>c_p Δp / g [J m⁻² K⁻¹].</summary>
    internal double MassHeatCapacity { get; }

    /// <summary>Pressure in the middle of each layer relative to the surface's.</summary>
    internal double[] Pressure { get; }

    /// <summary>Natural logarithm of that.</summary>
    internal double[] LogPressure { get; }

    /// <summary>(p / p_s)^κ in the middle.</summary>
    internal double[] Exner { get; }

    /// <summary>Longwave optical depth of the layer relative to the whole column's.</summary>
    internal double[] LongwaveShape { get; }

    /// <summary>Optical depth of absorption by ozone, of layer l in band b at 8·l + b.</summary>
    internal double* Absorption { get; }

    /// <summary>Optical depth of scattering by air, likewise.</summary>
    internal double* Scattering { get; }

    private void Fill(int layer, double above, double below)
    {
        double middle = 0.5 * (above + below), width = below - above;
        Pressure[layer] = middle;
        LogPressure[layer] = Math.Log(middle);
        Exner[layer] = Math.Pow(middle, Atmosphere.Kappa);
        humidity[layer] = SurfaceHumidity * Math.Max(0, (middle - DryLevel) / (1 - DryLevel));
        // kg m⁻² to g cm⁻²: 0.1; absorption grows with pressure, which Lacis and Hansen count as more water.
        waterScale[layer] = 0.1 * width * Atmosphere.SurfacePressure / Planet.Gravity * middle;
        LongwaveShape[layer] = Depth(below) - Depth(above);
        for (int band = 0; band < ShortwaveBands.Count; band++)
        {
            Absorption[layer * ShortwaveBands.Count + band] = ShortwaveBands.Ozone[band] * (OzoneAbove(below) - OzoneAbove(above));
            Scattering[layer * ShortwaveBands.Count + band] = ShortwaveBands.Rayleigh[band] * width * Atmosphere.SurfacePressure / RayleighPressure;
        }
    }

    /// <summary>Effective water vapour in a layer [g cm⁻²] as it is prescribed: with the relative humidity above, at the temperature of the start.</summary>
    /// <remarks>Not at the column's own temperature: without condensation, air that warms would then hold ever more water and warm ever more.
    /// Saturation pressure: Bolton, Mon. Wea. Rev. 108 (1980) 1046–1053, eq. 10. Least mixing ratio: Manabe, Wetherald 1967.</remarks>
    internal double Water(int layer, double sinSquared)
    {
        double temperature = Atmosphere.StartTemperature(sinSquared, LogPressure[layer], Exner[layer]), celsius = temperature - 273.15;
        double vapour = humidity[layer] * 611.2 * Exponential.Of(17.67 * celsius / (celsius + 243.5));
        return waterScale[layer] * Math.Sqrt(273 / temperature) * Math.Max(3e-6, 0.622 * vapour / (Pressure[layer] * Atmosphere.SurfacePressure));
    }

    private static double Depth(double p) => Atmosphere.WellMixedPart * p + (1 - Atmosphere.WellMixedPart) * p * p * p * p;

    private static double OzoneAbove(double p) => p <= 0 ? 0
        : OzoneTotal * (1 + Math.Exp(-OzoneHeight / OzoneWidth)) / (1 + Math.Exp((-ScaleHeight * Math.Log(p) - OzoneHeight) / OzoneWidth));

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)memory).Dispose();
}
