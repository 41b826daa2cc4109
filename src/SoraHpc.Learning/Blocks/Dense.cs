using System.Numerics;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Blocks;

/// <summary>y = x·W + b: a row of features, or each time step of a sequence alike.</summary>
/// <param name="Units">Numbers that come out, ≥ 1.</param>
public sealed record Dense(int Units) : Block
{
    /// <summary>Numbers that come out.</summary>
    public int Units { get; } = Units >= 1 ? Units : throw new UsageException($"dense({Units}): give 1 unit or more");

    /// <inheritdoc/>
    public override string Name => $"dense({Units})";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => input.Rank switch
    {
        1 => new(Units),
        2 => new(input[0], Units),
        _ => throw Refuse(input, "a row of features or time × features (put a flatten before it)"),
    };

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> ParametersOf(Shape input) =>
        [new("weights", new(input[^1], Units), 0, Math.Sqrt(6.0 / (input[^1] + Units))), new("bias", new(Units), 0)];   // Glorot and Bengio (2010), eq. 16

    /// <inheritdoc/>
    public override long FlopsOf(Shape input) => 2L * input.Elements * Units;

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new DenseLayer<T>(context, Units);
}

internal sealed unsafe class DenseLayer<T>(LayerContext<T> context, int units) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int features = context.Input[^1];
    private readonly Parameter<T> weights = context.Parameters.Span[0], bias = context.Parameters.Span[1];

    // A sequence is so many more rows.
    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        Elementwise.Repeat(bias.Values, output);
        fixed (T* x = input, w = weights.Values, y = output)
            context.Products.Multiply(false, false, input.Length / features, units, features, x, features, w, units, T.One, y, units);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int rows = input.Length / features;
        Elementwise.AddRows(bias.Gradient, outputGradient);
        fixed (T* x = input, w = weights.Values, dw = weights.Gradient, dy = outputGradient, dx = inputGradient)
        {
            context.Products.Multiply(true, false, features, units, rows, x, features, dy, units, T.One, dw, units);
            if (!inputGradient.IsEmpty)
                context.Products.Multiply(false, true, rows, features, units, dy, units, w, units, T.Zero, dx, features);
        }
    }
}
