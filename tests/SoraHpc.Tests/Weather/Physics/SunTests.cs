using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

public sealed unsafe class SunTests
{
    // Almanac, degrees; Spencer's series is within 0.04° of its own year and 0.2° of any other.
    [TestCase("2024-03-20T03:06Z", 0.0)]
    [TestCase("2024-06-20T20:51Z", 23.44)]
    [TestCase("2024-09-22T12:44Z", 0.0)]
    [TestCase("2024-12-21T09:21Z", -23.44)]
    public void Sun_stands_over_the_latitude_of_the_almanac(string date, double latitude) =>
        Assert.That(double.RadiansToDegrees(new Sun(PhysicsOptions.ParseDate(date)).Declination), Is.EqualTo(latitude).Within(0.5));

    // Minutes by which the sundial is ahead of the clock, and 1 / distance².
    [TestCase("2023-02-11T12:00Z", -14.2)]
    [TestCase("2023-11-03T12:00Z", 16.4)]
    public void Sundial_differs_from_the_clock_as_in_the_almanac(string date, double minutes) =>
        Assert.That(new Sun(PhysicsOptions.ParseDate(date)).HourAngle(0, 0) / (2 * Math.PI) * 1440, Is.EqualTo(minutes).Within(0.4));

    [Test]
    public void Sun_is_nearest_in_january()
    {
        Assert.That(new Sun(PhysicsOptions.ParseDate("2023-01-04")).Nearness, Is.EqualTo(Math.Pow(1 / 0.98330, 2)).Within(1e-3));
        Assert.That(new Sun(PhysicsOptions.ParseDate("2023-07-06")).Nearness, Is.EqualTo(Math.Pow(1 / 1.01668, 2)).Within(1e-3));
    }

    [Test]
    public void Pole_has_no_day_in_winter_and_no_night_in_summer()
    {
        Sun june = new(PhysicsOptions.ParseDate("2024-06-21"));
        (double Mean, double Swing) north = june.Height(1), south = june.Height(-1), equator = june.Height(0);
        Assert.That(Sun.Sunset(north.Mean, north.Swing), Is.EqualTo(Math.PI));
        Assert.That(Sun.Sunset(south.Mean, south.Swing), Is.Zero);
        Assert.That(Sun.Sunset(equator.Mean, equator.Swing), Is.EqualTo(Math.PI / 2).Within(1e-14));
        Assert.That(SunlightMean.IsDay(north, 2.9, 3.4), Is.True);
        Assert.That(SunlightMean.IsDay(south, -0.2, 0.2), Is.False);
        Assert.That(SunlightMean.IsDay(equator, 1.6, 4.7), Is.False, "night at the equator");
        Assert.That(SunlightMean.IsDay(equator, 1.6, 4.8), Is.True, "until the next sunrise");
    }

    [Test]
    public void Rules_integrate_the_polynomials_they_should([Range(0, 11)] int degree)
    {
        double exact = degree % 2 == 0 ? 2.0 / (degree + 1) : 0, kronrod = 0, gauss = 0;
        for (int i = 0; i < 7; i++)
        {
            kronrod += SunlightMean.KronrodWeights[i] * Math.Pow(SunlightMean.Nodes[i], degree);
            gauss += SunlightMean.GaussWeights[i] * Math.Pow(SunlightMean.Nodes[i], degree);
        }
        Assert.That(kronrod, Is.EqualTo(exact).Within(1e-15));
        if (degree <= 5)
            Assert.That(gauss, Is.EqualTo(exact).Within(1e-15));
    }

    // From before sunrise to after sunset in one interval, against 200,000 moments.
    [TestCase(-2.5, 2.9)]
    [TestCase(1.2, 2.0)]
    [TestCase(-9.0, 4.0)]
    public void Mean_over_an_interval_is_that_of_many_moments(double from, double to)
    {
        const int Moments = 200_000, Layers = 4;
        double[] absorption = [.. Enumerable.Repeat(0.05, 8 * Layers)], scattering = [.. Enumerable.Repeat(0.02, 8 * Layers)], expected = new double[Layers + 1];
        (double Mean, double Swing) sun = (0.1, 0.8);
        for (int i = 0; i < Moments; i++)
        {
            double cosine = sun.Mean + sun.Swing * Math.Cos(from + (i + 0.5) * (to - from) / Moments);
            if (cosine > 0 && i % 100 == 0)
                Enumerable.Range(0, Layers + 1).ToList().ForEach(l => expected[l] += 100.0 / Moments * 1000 * cosine
                    * ShortwaveReference.Net(absorption.AsSpan(0, Layers), scattering.AsSpan(0, Layers), 0.31, 1 / cosine)[l]);
        }
        using ShortwaveKernel kernel = new(Layers);
        using SunlightMean mean = new(Layers, kernel);
        double[] net = new double[Layers + 1];
        fixed (double* a = absorption, s = scattering, sum = net)
        {
            kernel.Prepare(a, s, 0.31);
            mean.Add(sun, from, to, 1000, sum);
        }
        Assert.That(net, Is.EqualTo(expected).Within(0.2));         // the moments: half a step, 1e-3 rad, at either end of about 100 W m⁻²
        Assert.That(mean.Positions, to - from > 5 ? Is.GreaterThan(7) : Is.GreaterThanOrEqualTo(7), "halved where one rule does not do");
    }

    [Test]
    public void Moment_has_the_flux_of_that_moment()
    {
        double[] absorption = [.. Enumerable.Repeat(0.05, 8)], scattering = new double[8], net = new double[2];
        using ShortwaveKernel kernel = new(1);
        using SunlightMean mean = new(1, kernel);
        fixed (double* a = absorption, s = scattering, sum = net)
        {
            kernel.Prepare(a, s, 0);
            mean.Add((0, 1), 0.5, 0.5, 1000, sum);
        }
        Assert.That(net[1], Is.EqualTo(1000 * Math.Cos(0.5) * Math.Exp(-0.05 / Math.Cos(0.5))).Within(1e-9));
    }
}
