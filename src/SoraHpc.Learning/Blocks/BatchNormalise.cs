using System.Numerics;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Blocks;

/// <summary>Each feature (channel) at mean 0 and variance 1 over the micro-batch, all places of an image included, then times a gain and plus a bias that
/// are learnt. Outside training the moving averages of mean and variance take the micro-batch's place.</summary>
/// <param name="Keep">Share of the moving averages that a step keeps, in [0, 1).</param>
/// <remarks>Statistics are a micro-batch's own, not the batch's: so what a sample gives does not depend on how many ranks there are. Source: Ioffe and
/// Szegedy (2015); with small batches of statistics, Hoffer, Hubara and Soudry (2017).</remarks>
public sealed record BatchNormalise(double Keep = 0.9) : Block
{
    /// <summary>Share that a step keeps.</summary>
    public double Keep { get; } = Keep is >= 0 and < 1 ? Keep : throw new UsageException(FormattableString.Invariant($"batch-normalise({Keep}): give a share in [0, 1)"));

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"batch-normalise({Keep})");

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => input;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> ParametersOf(Shape input)
    {
        Shape features = new(input[^1]);
        return [new("gain", features, 1), new("bias", features, 0), new("mean", features, 0, Kind: ParameterKind.Statistic), new("variance", features, 1, Kind: ParameterKind.Statistic)];
    }

    /// <inheritdoc/>
    public override long FlopsOf(Shape input) => 8L * input.Elements;

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new BatchNormaliseLayer<T>(context, Keep);
}

internal sealed class BatchNormaliseLayer<T>(LayerContext<T> context, double keep) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int features = context.Input[^1];
    private readonly T floor = T.CreateChecked(NormalFloor.Variance), kept = T.CreateChecked(keep);
    private readonly Parameter<T> gain = context.Parameters.Span[0], bias = context.Parameters.Span[1], movingMean = context.Parameters.Span[2], movingVariance = context.Parameters.Span[3];
    private readonly T[] normal = new T[context.Capacity * context.Input.Elements];
    private readonly T[] mean = new T[context.Input[^1]], variance = new T[context.Input[^1]], inverse = new T[context.Input[^1]], sum = new T[context.Input[^1]], along = new T[context.Input[^1]];

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        if (pass.IsTraining)
            Measure(input);
        else
        {
            movingMean.Values.CopyTo(mean);
            movingVariance.Values.CopyTo(variance);
        }
        for (int i = 0; i < features; i++)
            inverse[i] = T.One / T.Sqrt(variance[i] + floor);
        Span<T> gains = gain.Values, biases = bias.Values;
        for (int begin = 0; begin < input.Length; begin += features)
            for (int i = 0; i < features; i++)
            {
                T z = normal[begin + i] = (input[begin + i] - mean[i]) * inverse[i];
                output[begin + i] = z * gains[i] + biases[i];
            }
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        Array.Clear(sum);
        Array.Clear(along);
        for (int begin = 0; begin < input.Length; begin += features)
            for (int i = 0; i < features; i++)
            {
                sum[i] += outputGradient[begin + i];
                along[i] += outputGradient[begin + i] * normal[begin + i];
            }
        Elementwise.Add(bias.Gradient, sum);
        Elementwise.Add(gain.Gradient, along);
        if (pass.IsTraining)
            Report(T.CreateChecked(pass.Samples));
        T share = pass.IsTraining ? T.One / T.CreateChecked(input.Length / features) : T.Zero;     // constants have no share in the slope
        Span<T> gains = gain.Values;
        for (int begin = 0; begin < inputGradient.Length; begin += features)
            for (int i = 0; i < features; i++)
                inputGradient[begin + i] = gains[i] * inverse[i] * (outputGradient[begin + i] - (sum[i] + normal[begin + i] * along[i]) * share);
    }

    private void Measure(ReadOnlySpan<T> input)
    {
        T share = T.One / T.CreateChecked(input.Length / features);
        Array.Clear(mean);
        Array.Clear(variance);
        Elementwise.AddRows(mean, input);
        Elementwise.Scale(mean, share);
        for (int begin = 0; begin < input.Length; begin += features)
            for (int i = 0; i < features; i++)
            {
                T distance = input[begin + i] - mean[i];
                variance[i] += distance * distance;
            }
        Elementwise.Scale(variance, share);
    }

    // The next moving average times the samples: the sum over all micro-batches is divided by the batch's samples.
    private void Report(T samples)
    {
        for (int i = 0; i < features; i++)
        {
            movingMean.Gradient[i] += samples * (kept * movingMean.Values[i] + (T.One - kept) * mean[i]);
            movingVariance.Gradient[i] += samples * (kept * movingVariance.Values[i] + (T.One - kept) * variance[i]);
        }
    }
}
