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

    internal LayerTable(int layers)
    {
        Layers = layers;
        memory = new(layers * 2 * ShortwaveBands.Count);
        Absorption = memory.Address;
        Scattering = memory.Address + layers * ShortwaveBands.Count;
        (Exner, Humidity, WaterScale, LongwaveShape, Pressure) = (new double[layers], new double[layers], new double[layers], new double[layers], new double[layers]);
        MassHeatCapacity = Atmosphere.HeatCapacity * Atmosphere.SurfacePressure / (layers * Planet.Gravity);
        for (int layer = 0; layer < layers; layer++)
            Fill(layer, (double)layer / layers, (layer + 1.0) / layers);
    }

    internal int Layers { get; }

    /// <summary>c_p Δp / g [J m⁻² K⁻¹].</summary>
    internal double MassHeatCapacity { get; }

    /// <summary>Pressure in the middle of each layer relative to the surface's.</summary>
    internal double[] Pressure { get; }

    /// <summary>(p / p_s)^κ in the middle.</summary>
    internal double[] Exner { get; }

    /// <summary>Relative humidity.</summary>
    internal double[] Humidity { get; }

    /// <summary>Effective water of the layer [g cm⁻²] is this times mass mixing ratio times √(273 K / T).</summary>
    internal double[] WaterScale { get; }

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
        Exner[layer] = Math.Pow(middle, Atmosphere.Kappa);
        Humidity[layer] = SurfaceHumidity * Math.Max(0, (middle - DryLevel) / (1 - DryLevel));
        // kg m⁻² to g cm⁻²: 0.1; absorption grows with pressure, which Lacis and Hansen count as more water.
        WaterScale[layer] = 0.1 * width * Atmosphere.SurfacePressure / Planet.Gravity * middle;
        LongwaveShape[layer] = Depth(below) - Depth(above);
        for (int band = 0; band < ShortwaveBands.Count; band++)
        {
            Absorption[layer * ShortwaveBands.Count + band] = ShortwaveBands.Ozone[band] * (OzoneAbove(below) - OzoneAbove(above));
            Scattering[layer * ShortwaveBands.Count + band] = ShortwaveBands.Rayleigh[band] * width * Atmosphere.SurfacePressure / RayleighPressure;
        }
    }

    private static double Depth(double p) => Atmosphere.WellMixedPart * p + (1 - Atmosphere.WellMixedPart) * p * p * p * p;

    private static double OzoneAbove(double p) => p <= 0 ? 0
        : OzoneTotal * (1 + Math.Exp(-OzoneHeight / OzoneWidth)) / (1 + Math.Exp((-ScaleHeight * Math.Log(p) - OzoneHeight) / OzoneWidth));

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)memory).Dispose();
}
