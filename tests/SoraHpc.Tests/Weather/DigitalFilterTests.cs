using NUnit.Framework;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

public sealed class DigitalFilterTests
{
    // Root mean square of the height's tendency [m/s]: what gravity waves make large.
    private static double Noise(ShallowWaterModel model)
    {
        ReadOnlySpan<double> tendency = model.Tendency();
        double sum = 0, area = 0;
        for (int n = 0; n < model.Map.Owned.Length * 16; n++)
        {
            double weight = model.Coefficients.Areas.GetSpan()[n], change = tendency[n / 16 * 64 + n % 16];
            sum += weight * change * change;
            area += weight;
        }
        return Math.Sqrt(sum / area);
    }

    [Test]
    public void Weights_of_both_sides_sum_to_one([Values(1, 7, 40)] int steps) =>
        Assert.That(2 * DigitalFilter.Weights(steps).Sum() - DigitalFilter.Weights(steps)[0], Is.EqualTo(1).Within(1e-14));

    [Test]
    public void Balanced_flow_passes_the_filter()
    {
        WilliamsonCase steady = WilliamsonCase.Create(2);
        WeatherRun.OnRanks(1, 8, steady, (model, world) =>
        {
            DigitalFilter.Apply(model, hours: 3);
            Assert.That(ErrorNorms.OfHeight(model, direction => steady.At(direction, 0), world).L2, Is.LessThan(5e-6));
        });
    }

    [Test]
    public void Gravity_waves_do_not_pass_and_the_planet_turns_as_before()
    {
        WilliamsonCase steady = WilliamsonCase.Create(2);
        WeatherRun.OnRanks(1, 8, steady, (model, _) =>
        {
            // A bump of 50 m without a wind of its own is mostly gravity waves.
            model.Initialise(direction => steady.At(direction, 0) with
            {
                Depth = steady.At(direction, 0).Depth + 50 * Math.Exp(-40 * (direction - new Cartesian(1, 0, 0)).Dot(direction - new Cartesian(1, 0, 0))),
            });
            double f = model.Coefficients.Volume.GetSpan()[Layout.Coriolis];
            WeatherRun.Advance(model, hours: 1);
            double before = Noise(model);
            DigitalFilter.Apply(model, hours: 6);
            Assert.That(Noise(model), Is.LessThan(0.25 * before));
            Assert.That(model.Coefficients.Volume.GetSpan()[Layout.Coriolis], Is.EqualTo(f));
        });
    }
}
