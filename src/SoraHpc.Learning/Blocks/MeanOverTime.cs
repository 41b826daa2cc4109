using System.Numerics;

namespace SoraHpc.Learning.Blocks;

/// <summary>The mean of a sequence over its time steps: time × features becomes features.</summary>
public sealed record MeanOverTime : Block
{
    /// <inheritdoc/>
    public override string Name => "mean-over-time";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => input.Rank == 2 ? new(input[1]) : throw Refuse(input, "time × features");

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new MeanOverTimeLayer<T>(context.Input[0], context.Input[1]);
}

internal sealed class MeanOverTimeLayer<T>(int time, int features) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T share = T.One / T.CreateChecked(time);

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        output.Clear();
        for (int sample = 0; sample < pass.Samples; sample++)
            Elementwise.AddRows(output.Slice(sample * features, features), input.Slice(sample * time * features, time * features));
        Elementwise.Scale(output, share);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (int sample = 0; sample < pass.Samples && !inputGradient.IsEmpty; sample++)
            Elementwise.Repeat(outputGradient.Slice(sample * features, features), inputGradient.Slice(sample * time * features, time * features));
        Elementwise.Scale(inputGradient, share);
    }
}
