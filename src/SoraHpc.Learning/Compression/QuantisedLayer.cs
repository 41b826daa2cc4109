using SoraHpc.Communication;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.Compression;

/// <summary>A linear block in bytes: it computes outputs, and learns nothing.</summary>
internal abstract class QuantisedLayer : Layer<float>
{
    public sealed override void Backward(in Pass pass, ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        throw new InvalidOperationException("whole numbers have no gradient: train the network they were rounded from");
}

/// <summary>Each row of features is rounded with its own scale.</summary>
internal sealed unsafe class QuantisedDenseLayer : QuantisedLayer
{
    private readonly QuantisedWeights weights;
    private readonly AlignedBuffer<sbyte> rows;
    private readonly float[] scales;
    private readonly int features;

    internal QuantisedDenseLayer(LayerContext<float> context)
    {
        features = context.Input[^1];
        int most = context.Capacity * (context.Input.Elements / features);
        weights = new(context.Parameters, most);
        rows = new(checked(most * weights.Depth));
        scales = new float[most];
    }

    public override void Forward(in Pass pass, ReadOnlySpan<float> input, Span<float> output)
    {
        int count = input.Length / features;
        for (int row = 0; row < count; row++)
            scales[row] = QuantisedWeights.Round(input.Slice(row * features, features), rows.GetSpan().Slice(row * weights.Depth, features));
        weights.Multiply(rows.Address, scales.AsSpan(0, count), count, output);
    }

    public override void Dispose()
    {
        weights.Dispose();
        ((IDisposable)rows).Dispose();
        base.Dispose();
    }
}

/// <summary>Each image is rounded with its own scale, then its squares are cut in bytes.</summary>
internal sealed unsafe class QuantisedConvolutionLayer : QuantisedLayer
{
    private readonly QuantisedWeights weights;
    private readonly AlignedBuffer<sbyte> image, padded, patches;      // one image at a time
    private readonly int height, width, square, padding, inputStride, paddedStride, step;

    internal QuantisedConvolutionLayer(LayerContext<float> context, Convolution2D block)
    {
        Shape input = context.Input, output = block.OutputOf(input);
        (height, width, square, padding, step) = (output[0], output[1], block.Size, block.Padding, input[2]);
        (inputStride, paddedStride) = (input[1] * step, (input[1] + 2 * padding) * step);
        weights = new(context.Parameters, height * width);
        (image, padded, patches) = (new(input.Elements), new((input[0] + 2 * padding) * paddedStride), new(checked(height * width * weights.Depth)));
    }

    public override void Forward(in Pass pass, ReadOnlySpan<float> input, Span<float> output)
    {
        int taken = input.Length / pass.Samples, given = output.Length / pass.Samples;
        for (int sample = 0; sample < pass.Samples; sample++)
        {
            float scale = QuantisedWeights.Round(input.Slice(sample * taken, taken), image.GetSpan());
            for (int row = 0; row < taken / inputStride; row++)        // what lies around stays zero
                image.GetSpan().Slice(row * inputStride, inputStride).CopyTo(padded.GetSpan()[((row + padding) * paddedStride + padding * step)..]);
            CutPatches();
            weights.Multiply(patches.Address, [scale], height * width, output.Slice(sample * given, given));
        }
    }

    public override void Dispose()
    {
        weights.Dispose();
        ((IDisposable)image).Dispose();
        ((IDisposable)padded).Dispose();
        ((IDisposable)patches).Dispose();
        base.Dispose();
    }

    // What lies behind a patch in its row stays zero.
    private void CutPatches()
    {
        int run = square * step;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int row = 0; row < square; row++)
                    new ReadOnlySpan<sbyte>(padded.Address + (y + row) * paddedStride + x * step, run)
                        .CopyTo(new Span<sbyte>(patches.Address + (long)(y * width + x) * weights.Depth + row * run, run));
    }
}
