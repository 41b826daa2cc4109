using System.Numerics;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Blocks;

/// <summary>The mean of every square, channel by channel: rows × columns × channels; squares do not overlap.</summary>
/// <param name="Size">Side of the square, ≥ 1; it divides rows and columns.</param>
public sealed record AveragePooling(int Size) : Block
{
    /// <summary>Side of the square.</summary>
    public int Size { get; } = Size >= 1 ? Size : throw new UsageException($"pooling over squares of {Size}: give 1 or more");

    /// <inheritdoc/>
    public override string Name => $"average-pooling({Size} × {Size})";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => PoolingGrid.OutputOf(input, Size)
        ?? throw Refuse(input, $"rows × columns × channels whose rows and columns are multiples of {Size}");

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new AveragePoolingLayer<T>(new(context.Input, Size));
}

internal sealed class AveragePoolingLayer<T>(PoolingGrid grid) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T share = T.One / T.CreateChecked(grid.Offsets.Length);

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        output.Clear();
        int cells = output.Length / grid.Channels;
        for (int cell = 0; cell < cells; cell++)
            foreach (int offset in grid.Offsets)
                Elementwise.Add(output.Slice(cell * grid.Channels, grid.Channels), input.Slice(grid.PlaceOf(cell) + offset, grid.Channels));
        Elementwise.Scale(output, share);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int cells = inputGradient.IsEmpty ? 0 : output.Length / grid.Channels;
        for (int cell = 0; cell < cells; cell++)
            foreach (int offset in grid.Offsets)
                outputGradient.Slice(cell * grid.Channels, grid.Channels).CopyTo(inputGradient[(grid.PlaceOf(cell) + offset)..]);
        Elementwise.Scale(inputGradient, share);
    }
}
