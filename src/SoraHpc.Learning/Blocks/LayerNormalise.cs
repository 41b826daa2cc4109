using System.Numerics;

namespace SoraHpc.Learning.Blocks;

/// <summary>Each row along the last dimension at mean 0 and variance 1, then times a gain and plus a bias that are learnt.</summary>
/// <remarks>Source: Ba, Kiros and Hinton, Layer Normalization (2016).</remarks>
public sealed record LayerNormalise : Block
{
    /// <inheritdoc/>
    public override string Name => "layer-normalise";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => input;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> ParametersOf(Shape input) => [new("gain", new(input[^1]), 1), new("bias", new(input[^1]), 0)];

    /// <inheritdoc/>
    public override long FlopsOf(Shape input) => 8L * input.Elements;

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new LayerNormaliseLayer<T>(context);
}

internal sealed class LayerNormaliseLayer<T>(LayerContext<T> context) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int features = context.Input[^1];
    private readonly T count = T.CreateChecked(context.Input[^1]), floor = T.CreateChecked(NormalFloor.Variance);
    private readonly Parameter<T> gain = context.Parameters.Span[0], bias = context.Parameters.Span[1];
    private readonly T[] normal = new T[context.Capacity * context.Input.Elements];
    private readonly T[] inverse = new T[context.Capacity * context.Input.Elements / context.Input[^1]];

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        Span<T> gains = gain.Values, biases = bias.Values;
        for (int row = 0; row < input.Length / features; row++)
        {
            ReadOnlySpan<T> x = input.Slice(row * features, features);
            T mean = T.Zero, variance = T.Zero;
            foreach (T value in x)
                mean += value;
            mean /= count;
            foreach (T value in x)
                variance += (value - mean) * (value - mean);
            T scale = inverse[row] = T.One / T.Sqrt(variance / count + floor);
            for (int i = 0; i < features; i++)
            {
                T z = normal[row * features + i] = (x[i] - mean) * scale;
                output[row * features + i] = z * gains[i] + biases[i];
            }
        }
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        Span<T> gains = gain.Values, gainGradient = gain.Gradient;
        Elementwise.AddRows(bias.Gradient, outputGradient);
        for (int row = 0; row < input.Length / features; row++)
        {
            ReadOnlySpan<T> z = normal.AsSpan(row * features, features), dy = outputGradient.Slice(row * features, features);
            T sum = T.Zero, along = T.Zero;
            for (int i = 0; i < features; i++)
            {
                gainGradient[i] += dy[i] * z[i];
                sum += dy[i] * gains[i];
                along += dy[i] * gains[i] * z[i];
            }
            for (int i = 0; i < features && !inputGradient.IsEmpty; i++)
                inputGradient[row * features + i] = inverse[row] * (dy[i] * gains[i] - (sum + z[i] * along) / count);
        }
    }
}

internal static class NormalFloor
{
    /// <summary>Added to a variance before its root is divided by: what never varies stays 0.</summary>
    internal const double Variance = 1e-5;
}
