namespace SoraHpc.Jobs.Weather;

/// <summary>Longwave radiation in a grey column: layers of one temperature each over a black surface.</summary>
/// <remarks>Source: Frierson, Held, Zurita-Gotor, J. Atmos. Sci. 63 (2006) 2548–2566, section 2c, with the depths of O'Gorman, Schneider, J. Climate 21 (2008) 3815–3832:
/// dU/dτ = U − σT⁴, dD/dτ = σT⁴ − D, τ downwards.</remarks>
internal static class Longwave
{
    /// <summary>Optical depth of the whole column.</summary>
    internal static double OpticalDepth(double sinLatitude) =>
        Atmosphere.OpticalDepthAtEquator + (Atmosphere.OpticalDepthAtPoles - Atmosphere.OpticalDepthAtEquator) * sinLatitude * sinLatitude;

    /// <summary>Adds the net flux downwards [W m⁻²] at the boundaries of the layers, one more than there are, and returns what leaves at the top.</summary>
    /// <param name="temperatures">Of the layers from the top down [K].</param>
    /// <param name="shape">Optical depth of each layer relative to the column's, <paramref name="opticalDepth"/>.</param>
    internal static double Add(ReadOnlySpan<double> temperatures, double surface, ReadOnlySpan<double> shape, double opticalDepth, Span<double> net)
    {
        Span<double> pass = stackalloc double[Column.MostLayers], emission = stackalloc double[Column.MostLayers];
        double down = 0;
        for (int l = 0; l < temperatures.Length; l++)
        {
            pass[l] = Exponential.Of(-(opticalDepth * shape[l]));
            emission[l] = (1 - pass[l]) * Black(temperatures[l]);
            down = down * pass[l] + emission[l];
            net[l + 1] += down;
        }
        double up = Black(surface);
        for (int l = temperatures.Length - 1; l >= 0; l--)
        {
            net[l + 1] -= up;
            up = up * pass[l] + emission[l];
        }
        net[0] -= up;
        return up;
    }

    private static double Black(double temperature) => Atmosphere.StefanBoltzmann * (temperature * temperature) * (temperature * temperature);
}
