using System.Numerics;

namespace SoraHpc.Learning.Blocks;

/// <summary>Any shape as one row of features, in the order in which it is stored.</summary>
public sealed record Flatten : Block
{
    /// <inheritdoc/>
    public override string Name => "flatten";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => new(input.Elements);

    /// <inheritdoc/>
    public override long FlopsOf(Shape input) => 0;

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new FlattenLayer<T>();
}

internal sealed class FlattenLayer<T> : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output) => input.CopyTo(output);

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        if (!inputGradient.IsEmpty)
            outputGradient.CopyTo(inputGradient);
    }
}
