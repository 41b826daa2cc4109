using System.Runtime.Intrinsics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Weather;

/// <summary>Advances one column over an interval of time: radiation, surface, convection. What comes out depends on the column and the interval alone.</summary>
internal sealed unsafe class ColumnPhysics : IDisposable
{
    // Below and above, no air of this planet is: the columns would have gone wrong long before they are no numbers.
    private const double Coldest = 50, Hottest = 500;

    private readonly LayerTable table;
    private readonly ShortwaveKernel shortwave;
    private readonly SunlightMean sunlight;
    private readonly AlignedBuffer<double> absorption, net;
    private readonly Sun sun;

    internal ColumnPhysics(PhysicsOptions options)
    {
        int layers = options.Layers;
        table = new(layers);
        shortwave = new(layers);
        sunlight = new(layers, shortwave);
        absorption = new(layers * ShortwaveBands.Count);
        net = new(layers + 1);
        sun = new(options.Date);
    }

    /// <summary>Begin and length of the interval [s] over which columns are advanced.</summary>
    internal (double Begin, double Seconds) Interval { get; set; }

    /// <summary>Work done so far, in units of a column at night: see <see cref="WorkPerPosition"/>.</summary>
    internal double Work { get; set; }

    /// <summary>Work of one position of the sun, and of what all positions share, in units of a column at night; measured (README.md).</summary>
    internal const double WorkPerPosition = 1.1, WorkPerDay = 5;

    /// <summary>A column at a place with the temperatures it starts from.</summary>
    internal Column Start(int owner, int index, GeoPoint place)
    {
        Column column = new() { Owner = owner, Index = index, SinLatitude = Math.Sin(place.Latitude), Longitude = place.Longitude };
        for (int l = 0; l < table.Layers; l++)
            column.Temperatures[l] = Atmosphere.StartTemperature(column.SinLatitude, table.Pressure[l]);
        column.SurfaceTemperature = Atmosphere.StartTemperature(column.SinLatitude, 1);
        return column;
    }

    /// <summary>Advances a column over <see cref="Interval"/>. Allocates nothing.</summary>
    /// <exception cref="SoraException">A temperature is out of all bounds, before or after.</exception>
    internal void Advance(ref Column column)
    {
        Span<double> temperatures = ((Span<double>)column.Temperatures)[..table.Layers], fluxes = net.GetSpan();
        Check(temperatures, column.SurfaceTemperature);
        fluxes.Clear();
        AddSunlight(in column);
        column.AbsorbedShortwave = fluxes[0];
        column.OutgoingLongwave = Longwave.Add(temperatures, column.SurfaceTemperature, table.LongwaveShape, Longwave.OpticalDepth(column.SinLatitude), fluxes);
        Heat(temperatures, ref column, fluxes);
        DryConvection.Adjust(temperatures, table.Exner);
        Check(temperatures, column.SurfaceTemperature);
        double sum = 0;
        foreach (double temperature in temperatures)
            sum += temperature;
        column.MeanTemperature = sum / table.Layers;
        Work++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ((IDisposable)net).Dispose();
        ((IDisposable)absorption).Dispose();
        sunlight.Dispose();
        shortwave.Dispose();
        table.Dispose();
    }

    /// <summary>Enthalpy of layers and surface [J m⁻²].</summary>
    internal double Enthalpy(in Column column)
    {
        double sum = 0;
        foreach (double temperature in ((ReadOnlySpan<double>)column.Temperatures)[..table.Layers])
            sum += temperature;
        return table.MassHeatCapacity * sum + Atmosphere.SurfaceHeatCapacity * column.SurfaceTemperature;
    }

    private void AddSunlight(in Column column)
    {
        (double, double) height = sun.Height(column.SinLatitude);
        double from = sun.HourAngle(column.Longitude, Interval.Begin), to = sun.HourAngle(column.Longitude, Interval.Begin + Interval.Seconds);
        if (!SunlightMean.IsDay(height, from, to))
            return;
        double* absorbing = absorption.Address;
        Vector512<double> strength = Vector512.Create(ShortwaveBands.Water);
        for (int l = 0, at = 0; l < table.Layers; l++, at += ShortwaveBands.Count)
            (Vector512.Load(table.Absorption + at) + table.Water(l, column.SinLatitude * column.SinLatitude) * strength).Store(absorbing + at);
        shortwave.Prepare(absorbing, table.Scattering, Atmosphere.SurfaceAlbedo);
        long before = sunlight.Positions;
        sunlight.Add(height, from, to, sun.Irradiance, net.Address);
        Work += WorkPerDay + WorkPerPosition * (sunlight.Positions - before);
    }

    private void Heat(Span<double> temperatures, ref Column column, ReadOnlySpan<double> fluxes)
    {
        double scale = Interval.Seconds / table.MassHeatCapacity;
        for (int l = 0; l < temperatures.Length; l++)
            temperatures[l] += scale * (fluxes[l] - fluxes[l + 1]);
        column.SurfaceTemperature += Interval.Seconds / Atmosphere.SurfaceHeatCapacity * fluxes[temperatures.Length];

        // The difference between surface and lowest layer decays exponentially: exact for any interval.
        double conductance = Atmosphere.SurfaceDensity * Atmosphere.HeatCapacity * Atmosphere.ExchangeCoefficient * Math.Max(Atmosphere.Gusts, column.Wind);
        double together = 1 / table.MassHeatCapacity + 1 / Atmosphere.SurfaceHeatCapacity;
        double heat = (column.SurfaceTemperature - temperatures[^1]) * (1 - Exponential.Of(-(conductance * together * Interval.Seconds))) / together;
        temperatures[^1] += heat / table.MassHeatCapacity;
        column.SurfaceTemperature -= heat / Atmosphere.SurfaceHeatCapacity;
    }

    private static void Check(ReadOnlySpan<double> temperatures, double surface)
    {
        foreach (double temperature in temperatures)
            if (!(temperature is > Coldest and < Hottest))
                Throw(temperature, "in the air");
        if (!(surface is > Coldest and < Hottest))
            Throw(surface, "at the surface");
    }

    private static void Throw(double temperature, string where) =>
        throw new SoraException(FormattableString.Invariant($"{temperature:G4} K {where}: use fewer steps between physics, or a shorter time step"));
}
