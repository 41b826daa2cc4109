using System.Numerics;
using MathNet.Numerics.Integration;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.Explanations;

/// <summary>
/// A prediction divided among the numbers of its sample, by slopes of the network between a baseline and the sample. A linear model has coefficient × difference from
/// the baseline, exactly. Local; used by one thread.
/// </summary>
/// <remarks>
/// Integrated gradients: (x − x′)·∫₀¹ ∂f/∂x(x′ + α(x − x′)) dα, which sum to f(x) − f(x′). Source: Sundararajan, Taly and Yan, Axiomatic Attribution for Deep Networks (2017).
/// The integral is a Gauss–Legendre sum: exact for polynomials of degree below twice the points, and off by about 1/points where units switch on the way (relu, largest of several);
/// <see cref="Attribution.Gap"/> says how much. The gradients of the network's parameters are left 0.
/// </remarks>
public sealed class InputAttribution<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> network;
    private readonly T[] baseline, inputs;
    private readonly long[] indices;
    private readonly GaussLegendreRule rule;

    /// <param name="network">Its numbers may not change while it is explained.</param>
    /// <param name="baseline">A sample that says nothing: zeros, the mean of all samples, an empty image.</param>
    /// <param name="points">Slopes taken between baseline and sample, ≥ 2. Default: 64.</param>
    /// <exception cref="UsageException">The model reads words, which have no direction to move in; or fewer than two points.</exception>
    public InputAttribution(Network<T> network, ReadOnlySpan<T> baseline, int points = 64)
    {
        if (network.Model.Parameters.Any(tensor => tensor.Kind == ParameterKind.Sparse))
            throw new UsageException($"{network.Model} reads words, which have no direction to move in: ask for contributions of its sub-models, or for the importance of every word's place");
        if (points < 2)
            throw new UsageException($"an integral of {points} points: give 2 or more");
        if (baseline.Length != network.Model.Input.Elements)
            throw new ArgumentException($"{baseline.Length} numbers are no sample of {network.Model.Input}", nameof(baseline));
        (this.network, this.baseline) = (network, baseline.ToArray());
        (inputs, indices, rule) = (new T[network.Capacity * baseline.Length], new long[network.Capacity], new(0, 1, points));
    }

    /// <summary>Integrated gradients of one prediction.</summary>
    /// <param name="sample">Elements of the input.</param>
    /// <param name="output">Which number of the prediction.</param>
    public Attribution IntegratedGradients(ReadOnlySpan<T> sample, int output) => Explain(sample, output, rule.Abscissas, rule.Weights);

    /// <summary>(x − baseline)·∂f/∂x at the sample: one slope instead of many, and no sum that is promised.</summary>
    /// <param name="sample">Elements of the input.</param>
    /// <param name="output">Which number of the prediction.</param>
    public Attribution GradientTimesInput(ReadOnlySpan<T> sample, int output) => Explain(sample, output, [1], [1]);

    private Attribution Explain(ReadOnlySpan<T> sample, int output, ReadOnlySpan<double> places, ReadOnlySpan<double> weights)
    {
        if (sample.Length != baseline.Length)
            throw new ArgumentException($"{sample.Length} numbers are no sample of {network.Model.Input}", nameof(sample));
        if ((uint)output >= (uint)network.Model.Output.Elements)
            throw new ArgumentOutOfRangeException(nameof(output), output, $"the model gives {network.Model.Output}");
        double[] slopes = new double[sample.Length];
        for (int begin = 0; begin < places.Length; begin += network.Capacity)
        {
            int count = Math.Min(network.Capacity, places.Length - begin);
            AddSlopes(sample, output, places.Slice(begin, count), weights.Slice(begin, count), slopes);
        }
        network.ClearGradients();
        for (int i = 0; i < slopes.Length; i++)
            slopes[i] *= double.CreateTruncating(sample[i]) - double.CreateTruncating(baseline[i]);
        return new(Predict(baseline, output), slopes, Predict(sample, output));
    }

    // A micro-batch of places on the way; their weights are the slope of the output, so that one backward pass adds them up to rounding.
    private void AddSlopes(ReadOnlySpan<T> sample, int output, ReadOnlySpan<double> places, ReadOnlySpan<double> weights, double[] slopes)
    {
        int elements = sample.Length;
        for (int place = 0; place < places.Length; place++)
            for (int i = 0; i < elements; i++)
            {
                double start = double.CreateTruncating(baseline[i]), end = double.CreateTruncating(sample[i]);
                inputs[place * elements + i] = T.CreateTruncating(start + places[place] * (end - start));
            }
        Pass pass = new(indices.AsSpan(0, places.Length), isTraining: false);
        ReadOnlySpan<T> input = inputs.AsSpan(0, places.Length * elements);
        _ = network.Forward(pass, input);
        Span<T> slope = network.OutputGradient(pass);
        slope.Clear();
        for (int place = 0; place < places.Length; place++)
            slope[place * network.Model.Output.Elements + output] = T.CreateTruncating(weights[place]);
        ReadOnlySpan<T> gradient = network.BackwardToInput(pass, input);
        for (int i = 0; i < gradient.Length; i++)
            slopes[i % elements] += double.CreateTruncating(gradient[i]);
    }

    private double Predict(ReadOnlySpan<T> sample, int output) => double.CreateTruncating(network.Forward(new Pass(indices.AsSpan(0, 1), isTraining: false), sample)[output]);
}
