using System.Runtime.Intrinsics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

/// <summary>Sunlight in a column against closed forms, and the vectors against the plain definition.</summary>
public sealed unsafe class ShortwaveTests
{
    [Test]
    public void Column_that_only_absorbs_follows_beer_and_lambert([Values(1, 0.5, 0.05)] double cosine)
    {
        double[] absorption = [0.01, 0.3, 2, 1e-3, 0.7], net = ShortwaveReference.Net(absorption, new double[5], albedo: 0, 1 / cosine);
        double depth = 0;
        for (int l = 0; l <= 5; depth += l < 5 ? absorption[l] : 0, l++)
            Assert.That(net[l], Is.EqualTo(Math.Exp(-depth / cosine)).Within(1e-14), $"boundary {l}");
    }

    [Test]
    public void Light_from_the_ground_leaves_an_absorbing_column_as_diffuse_light_does()
    {
        double[] net = ShortwaveReference.Net([0.2, 0.5], new double[2], albedo: 0.4, 2);
        double reflected = 0.4 * Math.Exp(-0.7 * 2) * Math.Exp(-Math.Sqrt(3) * 0.7);
        Assert.That(net[0], Is.EqualTo(1 - reflected).Within(1e-14));
    }

    // Meador and Weaver 1980, eq. 24: R = [γ1 τ + (γ3 − γ1 μ)(1 − e^(−τ/μ))] / (1 + γ1 τ), here γ1 = √3/2, γ3 = ½.
    [Test]
    public void Layer_that_only_scatters_reflects_as_the_closed_form_says([Values(0.01, 0.1436, 1, 20)] double depth, [Values(1, 0.6, 0.1)] double cosine,
        [Values(1, 7)] int layers)
    {
        double[] scattering = [.. Enumerable.Repeat(depth / layers, layers)], absorption = [.. Enumerable.Repeat(1e-14, layers)];
        double[] net = ShortwaveReference.Net(absorption, scattering, albedo: 0, 1 / cosine);
        double gamma = Math.Sqrt(3) / 2;
        double reflected = (gamma * depth + (0.5 - gamma * cosine) * (1 - Math.Exp(-depth / cosine))) / (1 + gamma * depth);
        // The absorption that is put in, 1e-10 of the extinction, costs about that times the ways of a photon, ~ depth² of them.
        Assert.That(1 - net[0], Is.EqualTo(reflected).Within(1e-9 * (1 + depth * depth)));
        Assert.That(net[^1], Is.EqualTo(net[0]).Within(1e-9 * (1 + depth * depth)), "nothing is absorbed");
    }

    [Test]
    public void Layer_in_two_halves_is_the_layer()
    {
        double[] whole = ShortwaveReference.Net([0.3, 0.2], [0.5, 0.1], 0.3, 1.7), halves = ShortwaveReference.Net([0.15, 0.15, 0.2], [0.25, 0.25, 0.1], 0.3, 1.7);
        Assert.That(new[] { halves[0], halves[2], halves[3] }, Is.EqualTo(whole).Within(1e-13));
    }

    // k μ = 1 divides 0 by 0 in the closed form: what is computed there must lie between its neighbours.
    [Test]
    public void Sun_at_the_resonance_gives_what_its_neighbours_give()
    {
        double k = Math.Sqrt(3 * 0.7);      // of a layer whose extinction is absorption to 70 %
        double[] Net(double v) => ShortwaveReference.Net([0.7], [0.3], 0.2, v);
        foreach (double offset in new[] { 0, 1e-16, 1e-9, 5e-8, 1e-7, 2e-7 })
            Assert.That(Net(k * (1 + offset)), Is.EqualTo(Net(k * (1 + 1e-4))).Within(1e-4), $"{offset}");
        Assert.That(Net(k), Is.EqualTo(Net(k * (1 + 3e-7))).Within(1e-6));
    }

    [Test]
    public void Every_boundary_passes_less_the_deeper_it_lies()
    {
        Random random = new(3);
        for (int trial = 0; trial < 200; trial++)
        {
            double[] absorption = Depths(random, 10, 3), scattering = Depths(random, 10, 3);
            double[] net = ShortwaveReference.Net(absorption, scattering, random.NextDouble(), 1 / (0.01 + 0.99 * random.NextDouble()));
            Assert.That(net[0], Is.InRange(0, 1));
            for (int l = 0; l < 10; l++)
                Assert.That(net[l + 1], Is.InRange(0, net[l] + 1e-9), $"boundary {l + 1}");
        }
    }

    [Test]
    public void Eight_bands_at_once_have_the_bits_of_the_definition([Values(4, 32, 64)] int layers, [Values(0.0, 0.31, 0.9)] double albedo)
    {
        Random random = new(layers);
        using AlignedBuffer<double> absorption = new(layers * 8), scattering = new(layers * 8), net = new((layers + 1) * 16);
        Depths(random, layers * 8, 5).CopyTo(absorption.GetSpan());
        Depths(random, layers * 8, 2).CopyTo(scattering.GetSpan());
        scattering.GetSpan()[..16].Clear();
        using ShortwaveKernel kernel = new(layers);
        kernel.Prepare(absorption.Address, scattering.Address, albedo);
        double[] suns = [1, Math.Sqrt(3), 2, 37.5, 1000, .. Depths(random, 20, 2).Select(depth => 1 + depth)];
        foreach (double inverse in suns)
        {
            net.GetSpan().Clear();
            kernel.AddNet(inverse, Vector512<double>.One, 1, net.Address, 0, net.Address + (layers + 1) * 8);
            for (int band = 0; band < 8; band++)
            {
                double[] a = new double[layers], s = new double[layers];
                for (int l = 0; l < layers; l++)
                    (a[l], s[l]) = (absorption.Address[l * 8 + band], scattering.Address[l * 8 + band]);
                double[] expected = ShortwaveReference.Net(a, s, albedo, inverse);
                for (int boundary = 0; boundary <= layers; boundary++)
                    Assert.That(net.Address[boundary * 8 + band], Is.EqualTo(expected[boundary]), $"1/μ {inverse}, band {band}, boundary {boundary}");
            }
        }
    }

    // Lacis and Hansen 1974, eqs. 8 to 10, for 0.3 cm of ozone under an overhead sun.
    [Test]
    public void Ozone_takes_what_the_published_formula_gives()
    {
        const double x = 0.3;
        double published = 0.02118 * x / (1 + 0.042 * x + 0.000323 * x * x)
            + 1.082 * x / Math.Pow(1 + 138.6 * x, 0.805) + 0.0658 * x / (1 + Math.Pow(103.6 * x, 3));
        Assert.That(ShortwaveBands.Part[0] * (1 - Math.Exp(-ShortwaveBands.Ozone[0] * x)), Is.EqualTo(published).Within(1e-4));
        Assert.That(ShortwaveBands.Part.ToArray().Sum(), Is.EqualTo(1).Within(1e-12));
    }

    // From 1e-6 upwards, most of them small.
    private static double[] Depths(Random random, int count, double most) =>
        [.. Enumerable.Range(0, count).Select(_ => 1e-6 + most * Math.Pow(random.NextDouble(), 4))];
}
