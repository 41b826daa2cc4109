using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Blocks;

/// <summary>While training, each number becomes 0 with probability <paramref name="Rate"/> and the others grow to the same mean. Which ones depends on the
/// sample's index in the data set and the epoch: not on who computes it.</summary>
/// <param name="Rate">In [0, 1).</param>
public sealed record Dropout(double Rate) : Block
{
    /// <summary>Probability of 0.</summary>
    public double Rate { get; } = Rate is >= 0 and < 1 ? Rate : throw new UsageException(FormattableString.Invariant($"dropout({Rate}): give a probability in [0, 1)"));

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"dropout({Rate})");

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => input;

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new DropoutLayer<T>(context, Rate);
}

internal sealed class DropoutLayer<T>(LayerContext<T> context, double rate) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Epochs up to here have numbers of their own; a layer's stream lies above.
    private const int EpochBits = 20;

    private readonly int elements = context.Input.Elements;
    private readonly double[] uniform = new double[context.Input.Elements];
    private readonly T[] mask = new T[context.Capacity * context.Input.Elements];
    private readonly T kept = T.CreateChecked(1 / (1 - rate));

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        if (!pass.IsTraining)
        {
            input.CopyTo(output);
            return;
        }
        RandomSequence random = new(context.Seed, (context.Stream << EpochBits) + (ulong)pass.Epoch);
        for (int sample = 0; sample < pass.Samples; sample++)
        {
            random.FillUniform(pass.Indices[sample] * elements, uniform);
            for (int i = 0; i < elements; i++)
                mask[sample * elements + i] = uniform[i] < rate ? T.Zero : kept;
        }
        Elementwise.Multiply(input, mask, output);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        if (pass.IsTraining)
            Elementwise.Multiply(outputGradient, mask, inputGradient);
        else if (!inputGradient.IsEmpty)
            outputGradient.CopyTo(inputGradient);
    }
}
