using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

/// <summary>One column: longwave, convection, surface, and what they must conserve.</summary>
public sealed class ColumnPhysicsTests
{
    // Where no layer gains or loses, (U + D) / 2 = σT⁴ in the continuous equations: with F = U − D everywhere, σT⁴ = F (1 + τ) / 2 and
    // σT_s⁴ = F (2 + τ) / 2. For layers of transmission t the same holds with τ counted as the sum of 2 (1 − t) / (1 + t).
    [Test]
    public void Profile_in_grey_radiative_equilibrium_keeps_its_flux([Values(4, 32)] int layers, [Values(1.5, 6.0)] double depth)
    {
        const double flux = 240;
        double[] shape = [.. Enumerable.Range(0, layers).Select(l => (2.0 * l + 1) / (layers * layers))], temperatures = new double[layers], net = new double[layers + 1];
        double counted = 0;
        for (int l = 0; l < layers; l++)
        {
            double t = Math.Exp(-depth * shape[l]), step = 2 * (1 - t) / (1 + t);
            temperatures[l] = Math.Pow(flux * (1 + counted + step / 2) / 2 / Atmosphere.StefanBoltzmann, 0.25);
            counted += step;
        }
        double surface = Math.Pow(flux * (2 + counted) / 2 / Atmosphere.StefanBoltzmann, 0.25);

        double outgoing = Longwave.Add(temperatures, surface, shape, depth, net);

        Assert.That(outgoing, Is.EqualTo(flux).Within(1e-10));
        Assert.That(net, Is.All.EqualTo(-flux).Within(1e-10));
    }

    // Of a profile that has the continuous solution's temperatures in the middle of its layers, second order.
    [Test]
    public void Layers_tend_to_the_continuous_equilibrium()
    {
        double Error(int layers)
        {
            const double depth = 2, flux = 240;
            double[] shape = [.. Enumerable.Repeat(1.0 / layers, layers)], net = new double[layers + 1];
            double[] temperatures = [.. Enumerable.Range(0, layers).Select(l => Math.Pow(flux * (1 + depth * (l + 0.5) / layers) / 2 / Atmosphere.StefanBoltzmann, 0.25))];
            Longwave.Add(temperatures, Math.Pow(flux * (2 + depth) / 2 / Atmosphere.StefanBoltzmann, 0.25), shape, depth, net);
            return net.Max(value => Math.Abs(value + flux));
        }
        Assert.That(Error(8), Is.LessThan(3));
        Assert.That(Error(16) / Error(32), Is.EqualTo(4).Within(0.2));
    }

    [Test]
    public void Convection_keeps_enthalpy_and_leaves_no_layer_warmer_than_the_adiabat_allows([Values(1, 2, 3)] int seed)
    {
        (double[] temperatures, double[] exner) = Profile(seed);
        double[] before = [.. temperatures];

        int mixed = DryConvection.Adjust(temperatures, exner);

        Assert.That(mixed, Is.Positive);
        Assert.That(temperatures.Sum(), Is.EqualTo(before.Sum()).Within(1e-10));
        for (int l = 1; l < temperatures.Length; l++)
            Assert.That(temperatures[l] / exner[l], Is.LessThanOrEqualTo(temperatures[l - 1] / exner[l - 1] * (1 + 1e-14)));
    }

    // Manabe and Strickler's own way: neighbours are mixed, again and again.
    [Test]
    public void Convection_is_what_mixing_of_neighbours_tends_to([Values(1, 2, 3)] int seed)
    {
        (double[] temperatures, double[] exner) = Profile(seed);
        double[] mixed = [.. temperatures];
        for (int sweep = 0; sweep < 3000; sweep++)
            for (int l = 1; l < mixed.Length; l++)
                if (mixed[l] / exner[l] > mixed[l - 1] / exner[l - 1])
                {
                    double potential = (mixed[l] + mixed[l - 1]) / (exner[l] + exner[l - 1]);
                    (mixed[l - 1], mixed[l]) = (potential * exner[l - 1], potential * exner[l]);
                }

        DryConvection.Adjust(temperatures, exner);

        Assert.That(temperatures, Is.EqualTo(mixed).Within(1e-8));
    }

    [Test]
    public void Stable_column_is_left_as_it_is()
    {
        double[] temperatures = [220, 230, 250, 270], exner = [0.6, 0.8, 0.9, 1.0], before = [.. temperatures];
        Assert.That(DryConvection.Adjust(temperatures, exner), Is.Zero);
        Assert.That(temperatures, Is.EqualTo(before));
    }

    [Test]
    public void Column_gains_the_radiation_that_enters_at_its_top([Values(0, 60, -89)] double latitude, [Values(0, 90, 180)] double longitude, [Values(4, 32, 64)] int layers)
    {
        using ColumnPhysics physics = new(new() { Layers = layers });
        Column column = physics.Start(0, 0, Place(latitude, longitude));
        column.Wind = 12;
        for (int hour = 0; hour < 30; hour++)
        {
            double before = physics.Enthalpy(in column);
            physics.Interval = (3600 * hour, 3600);
            physics.Advance(ref column);
            // Some 10⁹ J m⁻² of enthalpy, rounded once for each of some operations on each layer.
            Assert.That(physics.Enthalpy(in column) - before, Is.EqualTo(3600 * column.NetRadiation).Within(1e-15 * before * layers));
        }
    }

    [Test]
    public void Column_at_night_gets_no_sunlight_and_one_by_day_does()
    {
        using ColumnPhysics physics = new(new());
        Column night = physics.Start(0, 0, Place(10, 180)), day = physics.Start(0, 1, Place(10, 0));
        physics.Interval = (0, 3600);
        physics.Advance(ref night);
        Assert.That(night.AbsorbedShortwave, Is.Zero);
        Assert.That(physics.Work, Is.EqualTo(1));
        physics.Advance(ref day);
        Assert.That(day.AbsorbedShortwave, Is.InRange(800, 1100));       // 1360 W m⁻², albedo 0.31, overhead but for 10°
        Assert.That(physics.Work, Is.GreaterThan(10));
    }

    // At 40° N under the sun of an equinox for 600 days. Nothing evaporates and no wind brings cold air, so the surface is warm; 307 K were found.
    [Test]
    public void Column_settles_with_a_warm_surface_a_cold_tropopause_and_a_stratosphere_that_ozone_warms()
    {
        using ColumnPhysics physics = new(new() { Layers = 16 });
        Column column = physics.Start(0, 0, Place(40, 0));
        column.Wind = 5;
        double mean = 0;
        const int Steps = 4 * 600;
        for (int step = 0; step < Steps; step++)
        {
            physics.Interval = (step * 21600.0, 21600);
            physics.Advance(ref column);
            if (step >= Steps - 40)
                mean += column.NetRadiation / 40;
        }
        ReadOnlySpan<double> layers = ((ReadOnlySpan<double>)column.Temperatures)[..16];
        Assert.That(column.SurfaceTemperature, Is.InRange(295, 315));
        Assert.That(mean, Is.EqualTo(0).Within(3), "in balance after 600 days");
        Assert.That(layers[3], Is.InRange(200, 240), "at 220 hPa");
        Assert.That(layers[0], Is.GreaterThan(layers[3] + 10), "at 30 hPa");
        Assert.That(layers[12] / layers[15], Is.EqualTo(Math.Pow(12.5 / 15.5, Atmosphere.Kappa)).Within(0.01), "mixed from the ground up");
    }

    [Test]
    public void Night_is_the_same_for_every_length_of_day_but_intervals_change_the_sun()
    {
        using ColumnPhysics physics = new(new());
        Column column = physics.Start(0, 0, Place(0, 0));
        double Sunlight(double begin, double seconds)
        {
            physics.Interval = (begin, seconds);
            Column copy = column;
            physics.Advance(ref copy);
            return copy.AbsorbedShortwave * seconds;
        }
        double parts = Enumerable.Range(0, 24).Sum(hour => Sunlight(3600 * hour, 3600));
        Assert.That(Sunlight(0, 86400) / 86400, Is.EqualTo(parts / 86400).Within(0.02));
    }

    [Test]
    public void Advance_allocates_nothing()
    {
        using ColumnPhysics physics = new(new());
        Column column = physics.Start(0, 0, Place(0, 0));
        physics.Interval = (0, 600);
        physics.Advance(ref column);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            physics.Advance(ref column);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Column_that_is_no_number_is_refused()
    {
        using ColumnPhysics physics = new(new());
        Column column = physics.Start(0, 0, Place(0, 0));
        column.Temperatures[5] = double.NaN;
        Assert.That(() => physics.Advance(ref column), Throws.TypeOf<SoraException>().With.Message.Contains("NaN K in the air"));
    }

    [Test]
    public void Options_out_of_range_and_texts_that_are_no_date_are_refused()
    {
        Assert.That(() => new PhysicsOptions { Layers = 3 }, Throws.TypeOf<UsageException>().With.Message.Contains("from 4 to 64"));
        Assert.That(() => new PhysicsOptions { Layers = 65 }, Throws.TypeOf<UsageException>());
        Assert.That(() => new PhysicsOptions { Every = 0 }, Throws.TypeOf<UsageException>().With.Message.Contains("1 or more"));
        Assert.That(() => new PhysicsOptions { RelaxationDays = 0 }, Throws.TypeOf<UsageException>());
        Assert.That(() => PhysicsOptions.ParseDate("Thursday-ish"), Throws.TypeOf<UsageException>().With.Message.Contains("2024-03-20T12:00Z"));
        Assert.That(PhysicsOptions.ParseDate("2024-03-20T12:00+02:00"), Is.EqualTo(new DateTime(2024, 3, 20, 10, 0, 0)));
    }

    private static GeoPoint Place(double latitude, double longitude) => new(double.DegreesToRadians(latitude), double.DegreesToRadians(longitude));

    // Some stretches of it are unstable.
    private static (double[] Temperatures, double[] Exner) Profile(int seed)
    {
        Random random = new(seed);
        double[] exner = [.. Enumerable.Range(0, 24).Select(l => Math.Pow((l + 0.5) / 24, Atmosphere.Kappa))];
        return ([.. exner.Select(pi => 300 * pi + 40 * (1 - pi) + 12 * random.NextDouble())], exner);
    }
}
