using System.Numerics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.SubModels;

/// <summary>The largest of as many rows, number by number; the first of equals.</summary>
internal sealed class LargestLayer<T>(int rows, int columns, int capacity) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] from = new int[capacity * columns];

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        for (int i = 0; i < output.Length; i++)
        {
            int best = i / columns * rows * columns + i % columns;
            for (int row = 1, place = best + columns; row < rows; row++, place += columns)
                best = input[place] > input[best] ? place : best;
            (from[i], output[i]) = (best, input[best]);
        }
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        inputGradient.Clear();
        for (int i = 0; i < output.Length; i++)
            inputGradient[from[i]] = outputGradient[i];
    }
}
