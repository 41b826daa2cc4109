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
            ReadOnlySpan<T> square = input[grid.PlaceOf(cell)..];
            square[..grid.Channels].CopyTo(largest);
            foreach (int offset in grid.Offsets.AsSpan(1))
                Raise(largest, square.Slice(offset, grid.Channels));
        }
    }

    // Of equal numbers the first is the largest.
    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int cells = inputGradient.IsEmpty ? 0 : output.Length / grid.Channels, channels = grid.Channels;
        for (int cell = 0; cell < cells; cell++)
        {
            int place = grid.PlaceOf(cell), channel = 0;
            ReadOnlySpan<T> largest = output.Slice(cell * channels, channels), gradient = outputGradient.Slice(cell * channels, channels);
            for (; channel <= channels - Vector<T>.Count; channel += Vector<T>.Count)
                PassVector(input[(place + channel)..], new(largest[channel..]), new(gradient[channel..]), inputGradient[(place + channel)..]);
            for (; channel < channels; channel++)
                PassOne(input[(place + channel)..], largest[channel], gradient[channel], inputGradient[(place + channel)..]);
        }
    }

    private void PassVector(ReadOnlySpan<T> square, Vector<T> largest, Vector<T> gradient, Span<T> squareGradient)
    {
        foreach (int offset in grid.Offsets)
        {
            Vector<T> here = Vector.Equals(new Vector<T>(square[offset..]), largest);
            Vector.ConditionalSelect(here, gradient, Vector<T>.Zero).CopyTo(squareGradient[offset..]);
            gradient = Vector.ConditionalSelect(here, Vector<T>.Zero, gradient);
        }
    }

    private void PassOne(ReadOnlySpan<T> square, T largest, T gradient, Span<T> squareGradient)
    {
        foreach (int offset in grid.Offsets)
        {
            bool here = square[offset] == largest;
            squareGradient[offset] = here ? gradient : T.Zero;
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
