using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

/// <summary>The standard test set on this scheme, in runs short enough for every day.</summary>
public sealed class StandardCaseTests
{
    private static ErrorNorms ErrorAfter(WilliamsonCase test, int elementsPerSide, double hours)
    {
        ErrorNorms norms = default;
        WeatherRun.OnRanks(1, elementsPerSide, test, (model, world) =>
        {
            WeatherRun.Advance(model, hours);
            norms = ErrorNorms.OfHeight(model, direction => test.At(direction, hours * 3600), world);
        });
        return norms;
    }

    [Test]
    public void Steady_flow_converges_with_fourth_order([Values(0, Math.PI / 4)] double angle)
    {
        int[] sizes = [4, 8, 16];
        double[] errors = [.. sizes.Select(size => ErrorAfter(WilliamsonCase.Create(2, angle), size, hours: 24).L2)];
        for (int i = 1; i < sizes.Length; i++)
        {
            double order = Math.Log2(errors[i - 1] / errors[i]);
            TestContext.Out.WriteLine($"α = {angle:F3}: Ne {sizes[i - 1]} → {sizes[i]}: l2 {errors[i - 1]:E2} → {errors[i]:E2}, order {order:F2}");
            Assert.That(order, Is.GreaterThan(3.5));
        }
    }

    [Test]
    public void Bell_over_panel_corners_keeps_its_shape()
    {
        ErrorNorms day = ErrorAfter(WilliamsonCase.Create(1, Math.PI / 4), 12, hours: 72);
        TestContext.Out.WriteLine($"after 3 days: {day}");
        Assert.That(day.L2, Is.LessThan(0.02));
    }

    [TestCase(5)]
    [TestCase(6)]
    public void Mass_does_not_drift_and_energy_hardly(int number) => WeatherRun.OnRanks(1, 6, WilliamsonCase.Create(number), (model, world) =>
    {
        FlowIntegrals before = FlowIntegrals.Of(model, world);
        WeatherRun.Advance(model, hours: 48);
        FlowIntegrals after = FlowIntegrals.Of(model, world);
        double massDrift = after.Mass / before.Mass - 1, enstrophyDrift = after.PotentialEnstrophy / before.PotentialEnstrophy - 1;
        TestContext.Out.WriteLine($"mass {massDrift:E2}, energy {after.Energy / before.Energy - 1:E2}, enstrophy {enstrophyDrift:E2}");
        Assert.That(massDrift, Is.EqualTo(0).Within(1e-13));
        Assert.That(enstrophyDrift, Is.EqualTo(0).Within(1e-3));
        Assert.That(after.Energy, Is.LessThan(before.Energy).And.GreaterThan(before.Energy * (1 - 1e-3)));
        Assert.That(after.LeastDepth, Is.Positive);
    });

    [Test]
    public void Rossby_Haurwitz_wave_has_the_vorticity_of_the_paper() => WeatherRun.OnRanks(1, 12, WilliamsonCase.Create(6), (model, _) =>
    {
        const double Rate = 7.848e-6;
        double[] vorticity = new double[16];
        for (int e = 0; e < model.Map.Owned.Length; e++)
        {
            Vorticity.Relative(model, e, vorticity);
            for (int n = 0; n < 16; n++)
            {
                GeoPoint point = GeoPoint.Of(model.DirectionOf(16 * e + n));
                double sine = Math.Sin(point.Latitude), exact = 2 * Rate * sine
                    - Rate * sine * Math.Pow(Math.Cos(point.Latitude), 4) * (16 + 12 + 2) * Math.Cos(4 * point.Longitude);
                Assert.That(vorticity[n], Is.EqualTo(exact).Within(0.02 * 30 * Rate));
            }
        }
    });

    [Test]
    public void Sphere_has_its_area() => WeatherRun.OnRanks(1, 8, WilliamsonCase.Create(2), (model, _) =>
    {
        double area = 0;
        foreach (double part in model.Coefficients.Areas.GetSpan())
            area += part;
        Assert.That(area / (4 * Math.PI * Planet.Radius * Planet.Radius), Is.EqualTo(1).Within(1e-8));
    });

    [Test]
    public void Step_past_the_limit_is_unstable_and_at_the_limit_is_not() => WeatherRun.OnRanks(1, 4, WilliamsonCase.Create(2), (model, world) =>
    {
        double limit = model.StableTimeStep();
        for (int step = 0; step < 200; step++)
            model.Step(limit);
        Assert.That(FlowIntegrals.Of(model, world).LeastDepth, Is.GreaterThan(900));
        for (int step = 0; step < 400; step++)
            model.Step(2 * limit);
        Assert.That(FlowIntegrals.Of(model, world).LeastDepth, Is.Not.GreaterThan(900));
    });

    [Test]
    public void Elements_dealt_at_random_give_the_same_bits([Values(2, 5)] int ranks, [Values(1, 5)] int number)
    {
        double[] Bits(int size, Func<int, int> ownerOf)
        {
            double[] all = new double[new CubedSphere(4).Elements * Layout.State];
            WeatherRun.OnRanks(size, 4, WilliamsonCase.Create(number), (model, _) =>
            {
                for (int step = 0; step < 20; step++)
                    model.Step(300);
                for (int e = 0; e < model.Map.Owned.Length; e++)
                    model.Owned.Slice(e * Layout.State, Layout.State).CopyTo(all.AsSpan(model.Map.Owned[e] * Layout.State));
            }, ownerOf);
            return all;
        }
        int[] owners = [.. Enumerable.Range(0, new CubedSphere(4).Elements).Select(element => new Random(element).Next(ranks))];
        Assert.That(Bits(ranks, element => owners[element]), Is.EqualTo(Bits(1, _ => 0)).AsCollection);
    }

    [Test]
    public void Ranks_without_elements_take_part_in_everything()
    {
        WilliamsonCase steady = WilliamsonCase.Create(2);
        WeatherRun.OnRanks(3, 4, steady, (model, world) =>
        {
            model.Step(0.5 * model.StableTimeStep());
            LatLonOutput output = new(model, LatLonGrid.CellCentred(10), _ => 1, world);
            output.Collect();
            Assert.That(output.Surface, Has.All.GreaterThan(900));
            Assert.That(FlowIntegrals.Of(model, world).LeastDepth, Is.GreaterThan(900));
            Assert.That(ErrorNorms.OfHeight(model, direction => steady.At(direction, 0), world).L2, Is.GreaterThan(0).And.LessThan(1e-3));
        }, _ => 1);
    }

    [TestCase(3, 0)]
    [TestCase(5, 0.5)]
    public void Unknown_case_or_angle_is_refused(int number, double angle) =>
        Assert.That(() => WilliamsonCase.Create(number, angle), Throws.TypeOf<UsageException>());

    [Test]
    public void Step_allocates_nothing() => WeatherRun.OnRanks(1, 2, WilliamsonCase.Create(6), (model, _) =>
    {
        model.Step(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        model.Step(100);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    });
}
