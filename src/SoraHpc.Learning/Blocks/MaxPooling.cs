using System.Numerics;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Blocks;

/// <summary>The largest number of every square, channel by channel: rows × columns × channels; squares do not overlap.</summary>
/// <param name="Size">Side of the square, ≥ 1; it divides rows and columns.</param>
public sealed record MaxPooling(int Size) : Block
{
    /// <summary>Side of the square.</summary>
    public int Size { get; } = Size >= 1 ? Size : throw new UsageException($"pooling over squares of {Size}: give 1 or more");

    /// <inheritdoc/>
    public override string Name => $"max-pooling({Size} × {Size})";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => PoolingGrid.OutputOf(input, Size)
        ?? throw Refuse(input, $"rows × columns × channels whose rows and columns are multiples of {Size}");

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new MaxPoolingLayer<T>(new(context.Input, Size));
}

internal sealed class MaxPoolingLayer<T>(PoolingGrid grid) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        int cells = output.Length / grid.Channels;
        for (int cell = 0; cell < cells; cell++)
        {
            Span<T> largest = output.Slice(cell * grid.Channels, grid.Channels);
            input.Slice(grid.PlaceOf(cell, 0), grid.Channels).CopyTo(largest);
            for (int member = 1; member < grid.Members; member++)
                Raise(largest, input.Slice(grid.PlaceOf(cell, member), grid.Channels));
        }
    }

    // Of equal numbers the first is the largest.
    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int cells = output.Length / grid.Channels, lanes = Vector<T>.Count;
        for (int cell = 0; cell < cells && !inputGradient.IsEmpty; cell++)
            for (int channel = 0; channel < grid.Channels; channel += lanes)
            {
                int at = cell * grid.Channels + channel, count = Math.Min(lanes, grid.Channels - channel);
                if (count == lanes)
                    PassWhole(cell, channel, new(output[at..]), new(outputGradient[at..]), input, inputGradient);
                else
                    for (int i = 0; i < count; i++)
                        PassOne(cell, channel + i, output[at + i], outputGradient[at + i], input, inputGradient);
            }
    }

    private void PassWhole(int cell, int channel, Vector<T> largest, Vector<T> gradient, ReadOnlySpan<T> input, Span<T> inputGradient)
    {
        for (int member = 0; member < grid.Members; member++)
        {
            int place = grid.PlaceOf(cell, member) + channel;
            Vector<T> here = Vector.Equals(new Vector<T>(input[place..]), largest);
            Vector.ConditionalSelect(here, gradient, Vector<T>.Zero).CopyTo(inputGradient[place..]);
            gradient = Vector.ConditionalSelect(here, Vector<T>.Zero, gradient);
        }
    }

    private void PassOne(int cell, int channel, T largest, T gradient, ReadOnlySpan<T> input, Span<T> inputGradient)
    {
        for (int member = 0; member < grid.Members; member++)
        {
            int place = grid.PlaceOf(cell, member) + channel;
            bool here = input[place] == largest;
            inputGradient[place] = here ? gradient : T.Zero;
            gradient = here ? T.Zero : gradient;
        }
    }

    private static void Raise(Span<T> largest, ReadOnlySpan<T> values)
    {
        int i = 0;
        for (; i <= largest.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> a = new(largest[i..]), b = new(values[i..]);
            Vector.ConditionalSelect(Vector.GreaterThan(b, a), b, a).CopyTo(largest[i..]);
        }
        for (; i < largest.Length; i++)
            largest[i] = values[i] > largest[i] ? values[i] : largest[i];
    }
}
