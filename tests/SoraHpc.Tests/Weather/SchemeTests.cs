using NUnit.Framework;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

/// <summary>What the semi-discrete scheme promises of any state, to round-off.</summary>
public sealed class SchemeTests
{
    private static readonly WilliamsonCase Wave = WilliamsonCase.Create(6), Bell = WilliamsonCase.Create(1, Math.PI / 4);

    private static void WithRandomState(Action<ShallowWaterModel> body) => WeatherRun.OnRanks(1, 2, Wave, (model, _) =>
    {
        WeatherRun.Randomise(model, seed: 3);
        body(model);
    });

    // ∫ of a tendency's part weighted by what `weight` says, and the same with absolute values for scale.
    private static (double Sum, double Scale) Integrate(ShallowWaterModel model, ReadOnlySpan<double> tendency, Func<FlowState, double[]> weight)
    {
        double sum = 0, scale = 0;
        for (int n = 0; n < model.Map.Owned.Length * 16; n++)
        {
            double[] weights = weight(model.NodeAt(n / 16, n % 16));
            for (int variable = 0; variable < 4; variable++)
            {
                double term = model.Coefficients.Areas.GetSpan()[n] * weights[variable] * tendency[n / 16 * 64 + variable * 16 + n % 16];
                sum += term;
                scale += Math.Abs(term);
            }
        }
        return (sum, scale);
    }

    private static double[] EnergyWeights(FlowState node) =>
        [Planet.Gravity * node.Surface - 0.5 * node.Wind.Dot(node.Wind), node.Wind.X, node.Wind.Y, node.Wind.Z];

    [Test]
    public void Mass_of_a_random_state_does_not_change() => WithRandomState(model =>
    {
        (double sum, double scale) = Integrate(model, model.Tendency(), _ => [1, 0, 0, 0]);
        Assert.That(Math.Abs(sum), Is.LessThan(1e-14 * scale));
    });

    [Test]
    public void Energy_of_a_random_state_does_not_change_without_dissipation() => WithRandomState(model =>
    {
        (double sum, double scale) = Integrate(model, model.Tendency(dissipation: 0), EnergyWeights);
        Assert.That(Math.Abs(sum), Is.LessThan(1e-14 * scale));
    });

    [Test]
    public void Energy_of_a_random_state_falls_with_dissipation() => WithRandomState(model =>
    {
        (double sum, double scale) = Integrate(model, model.Tendency(), EnergyWeights);
        Assert.That(sum, Is.LessThan(-0.01 * scale));
    });

    [Test]
    public void Momentum_stays_tangent() => WithRandomState(model =>
    {
        ReadOnlySpan<double> tendency = model.Tendency();
        double largest = 0, outward = 0;
        for (int n = 0; n < model.Map.Owned.Length * 16; n++)
        {
            ReadOnlySpan<double> node = tendency[(n / 16 * 64 + n % 16)..];
            Cartesian momentum = new(node[16], node[32], node[48]);
            largest = Math.Max(largest, momentum.Length);
            outward = Math.Max(outward, Math.Abs(momentum.Dot(model.DirectionOf(n))));
        }
        Assert.That(outward, Is.LessThan(1e-13 * largest));
    });

    [Test]
    public void Lake_at_rest_over_a_mountain_stays_at_rest() => WeatherRun.OnRanks(1, 4, Wave, (model, _) =>
    {
        WilliamsonCase mountain = WilliamsonCase.Create(5);
        model.Initialise(direction => new(5960 - mountain.At(direction, 0).Bottom, mountain.At(direction, 0).Bottom, default));
        WeatherRun.Advance(model, hours: 12);
        for (int n = 0; n < model.Map.Owned.Length * 16; n++)
        {
            FlowState node = model.NodeAt(n / 16, n % 16);
            Assert.That(node.Surface, Is.EqualTo(5960).Within(1e-9));
            Assert.That(node.Wind.Length, Is.LessThan(1e-10));
        }
    });

    [Test]
    public unsafe void Kernel_of_a_random_state_equals_the_reference_bit_for_bit([Values] Dynamics dynamics) =>
        WeatherRun.OnRanks(1, 3, dynamics == Dynamics.Advection ? Bell : Wave, (model, _) =>
        {
            WeatherRun.Randomise(model, seed: 11);
            double[] increment = new double[model.State.Length], expected = new double[model.State.Length];
            Random random = new(5);
            for (int i = 0; i < increment.Length; i++)
                increment[i] = expected[i] = random.NextDouble();
            Reference(model, expected, carry: -0.4, step: 77);

            fixed (double* at = increment)
                Kernel(model, at, carry: -0.4, step: 77);

            Assert.That(increment, Is.EqualTo(expected).AsCollection);
        });

    private static unsafe void Kernel(ShallowWaterModel model, double* increment, double carry, double step)
    {
        double* state = model.State.Address, volume = model.Coefficients.Volume.Address, faces = model.Coefficients.Faces.Address;
        int elements = model.Map.Owned.Length;
        if (model.Dynamics == Dynamics.Advection)
        {
            AdvectionKernel.Volume(state, volume, increment, elements, carry, step);
            AdvectionKernel.Faces(state, model.Map.Links, faces, increment, 0.5, step);
            return;
        }
        ShallowWaterKernel.Volume(state, volume, increment, elements, carry, step);
        ShallowWaterKernel.Faces(state, model.Map.Links, faces, increment, 0.5, step);
    }

    private static void Reference(ShallowWaterModel model, Span<double> increment, double carry, double step)
    {
        ReadOnlySpan<double> state = model.State.GetSpan(), volume = model.Coefficients.Volume.GetSpan(), faces = model.Coefficients.Faces.GetSpan();
        bool advection = model.Dynamics == Dynamics.Advection;
        for (int e = 0; e < model.Map.Owned.Length; e++)
        {
            ReadOnlySpan<double> own = state.Slice(e * Layout.State, Layout.State), c = volume.Slice(e * Layout.Coefficients, Layout.Coefficients);
            if (advection)
                AdvectionReference.Volume(own, c, increment.Slice(e * Layout.State, Layout.State), carry, step);
            else
                ShallowWaterReference.Volume(own, c, increment.Slice(e * Layout.State, Layout.State), carry, step);
        }
        for (int link = 0; link < model.Map.Links.Length; link++)
        {
            Face face = (Face)(link % 4);
            FaceLink own = new(link / 4 * Layout.State + Layout.FirstNode(face), Layout.Stride(face));
            ReadOnlySpan<double> c = faces.Slice(link * Layout.FaceCoefficients, Layout.FaceCoefficients);
            if (advection)
                AdvectionReference.Face(state, own, model.Map.Links[link], c, increment, 0.5, step);
            else
                ShallowWaterReference.Face(state, own, model.Map.Links[link], c, increment, 0.5, step);
        }
    }
}
