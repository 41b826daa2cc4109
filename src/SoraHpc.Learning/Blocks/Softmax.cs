using System.Numerics;

namespace SoraHpc.Learning.Blocks;

/// <summary>e^x over the sum of them along the last dimension: probabilities. Not before a cross-entropy loss, which does it itself.</summary>
public sealed record Softmax : Block
{
    /// <inheritdoc/>
    public override string Name => "softmax";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => input;

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new SoftmaxLayer<T>(context.Input[^1]);
}

internal sealed class SoftmaxLayer<T>(int features) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        input.CopyTo(output);
        for (int begin = 0; begin < output.Length; begin += features)
            Normalise(output.Slice(begin, features));
    }

    /// <summary>A row becomes its probabilities. Returns the logarithm of the sum of exponentials.</summary>
    internal static T Normalise(Span<T> row)
    {
        T largest = row[0];
        foreach (T value in row)
            largest = value > largest ? value : largest;
        T sum = Elementary.ExpShifted(row, largest);
        Elementwise.Scale(row, T.One / sum);
        return largest + T.Log(sum);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (int begin = 0; begin < inputGradient.Length; begin += features)
        {
            ReadOnlySpan<T> y = output.Slice(begin, features), dy = outputGradient.Slice(begin, features);
            T mean = T.Zero;
            for (int i = 0; i < features; i++)
                mean += y[i] * dy[i];
            for (int i = 0; i < features; i++)
                inputGradient[begin + i] = y[i] * (dy[i] - mean);
        }
    }
}
