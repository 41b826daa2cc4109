using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Blocks;

/// <summary>Every square of an image times the same weights: rows × columns × channels in, as many rows and columns out as places for the square.</summary>
/// <param name="Channels">Channels that come out, ≥ 1.</param>
/// <param name="Size">Side of the square, ≥ 1.</param>
/// <param name="Padding">Rows and columns of zeros put around the image, in [0, Size).</param>
public sealed record Convolution2D(int Channels, int Size, int Padding = 0) : Block
{
    /// <summary>Channels that come out.</summary>
    public int Channels { get; } = Channels >= 1 ? Channels : throw new UsageException($"a convolution of {Channels} channels: give 1 or more");

    /// <summary>Side of the square.</summary>
    public int Size { get; } = Size >= 1 ? Size : throw new UsageException($"a convolution of size {Size}: give 1 or more");

    /// <summary>Zeros put around.</summary>
    public int Padding { get; } = Padding >= 0 && Padding < Size ? Padding : throw new UsageException($"a convolution of size {Size} with {Padding} zeros around: give 0 to {Size - 1}");

    /// <inheritdoc/>
    public override string Name => Padding == 0 ? $"convolution({Channels}, {Size} × {Size})" : $"convolution({Channels}, {Size} × {Size}, padding {Padding})";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => input.Rank == 3 && Math.Min(input[0], input[1]) + 2 * Padding >= Size
        ? new(input[0] + 2 * Padding - Size + 1, input[1] + 2 * Padding - Size + 1, Channels)
        : throw Refuse(input, $"rows × columns × channels with {Size - 2 * Padding} rows and columns or more");

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> ParametersOf(Shape input)
    {
        int inputs = Size * Size * input[2];
        return [new("weights", new(inputs, Channels), 0, Math.Sqrt(6.0 / (inputs + Size * Size * Channels))), new("bias", new(Channels), 0)];
    }

    /// <inheritdoc/>
    public override long FlopsOf(Shape input) => 2L * OutputOf(input).Elements * Size * Size * input[2];

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new ConvolutionLayer<T>(context, this);
}

/// <summary>Convolution as one product: the squares of all samples of a micro-batch, one a row, times the weights.</summary>
// Traffic: patches are written and read once forward; backward reads them once, then takes their memory for the gradient of the patches.
internal sealed unsafe class ConvolutionLayer<T> : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerContext<T> context;
    private readonly int channels, padding, run, square, width, height, paddedStride, inputStride, patch;
    private readonly Shape output;
    private readonly AlignedBuffer<T> patches, image;
    private readonly Parameter<T> weights, bias;

    internal ConvolutionLayer(LayerContext<T> context, Convolution2D block)
    {
        this.context = context;
        Shape input = context.Input;
        (channels, square, padding, output) = (block.Channels, block.Size, block.Padding, block.OutputOf(input));
        (height, width, inputStride, paddedStride) = (output[0], output[1], input[1] * input[2], (input[1] + 2 * padding) * input[2]);
        (run, patch) = (square * input[2], square * square * input[2]);
        (weights, bias) = (context.Parameters.Span[0], context.Parameters.Span[1]);
        // Runs are copied in whole vectors: the last one of all reaches past its end by less than one.
        patches = new(checked(context.Capacity * height * width * patch + Vector<T>.Count));
        image = new((input[0] + 2 * padding) * paddedStride + Vector<T>.Count);
    }

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        for (int sample = 0; sample < pass.Samples; sample++)
        {
            Pad(input.Slice(sample * context.Input.Elements, context.Input.Elements));
            CutPatches(patches.Address + (long)sample * height * width * patch);
        }
        Elementwise.Repeat(bias.Values, output);
        fixed (T* w = weights.Values, y = output)
            context.Products.Multiply(false, false, output.Length / channels, channels, patch, patches.Address, patch, w, channels, T.One, y, channels);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int rows = outputGradient.Length / channels;
        Elementwise.AddRows(bias.Gradient, outputGradient);
        fixed (T* w = weights.Values, dw = weights.Gradient, dy = outputGradient)
        {
            context.Products.Multiply(true, false, patch, channels, rows, patches.Address, patch, dy, channels, T.One, dw, channels);
            if (inputGradient.IsEmpty)
                return;
            context.Products.Multiply(false, true, rows, patch, channels, dy, channels, w, channels, T.Zero, patches.Address, patch);
        }
        for (int sample = 0; sample < pass.Samples; sample++)
        {
            image.GetSpan().Clear();
            AddPatches(patches.Address + (long)sample * height * width * patch);
            Unpad(inputGradient.Slice(sample * context.Input.Elements, context.Input.Elements));
        }
    }

    public override void Dispose()
    {
        ((IDisposable)patches).Dispose();
        ((IDisposable)image).Dispose();
        base.Dispose();
    }

    // What lies around stays zero.
    private void Pad(ReadOnlySpan<T> sample)
    {
        if (padding > 0)
            image.GetSpan().Clear();
        for (int row = 0; row < context.Input[0]; row++)
            sample.Slice(row * inputStride, inputStride).CopyTo(image.GetSpan()[((row + padding) * paddedStride + padding * context.Input[2])..]);
    }

    private void Unpad(Span<T> sample)
    {
        for (int row = 0; row < context.Input[0]; row++)
            image.GetSpan().Slice((row + padding) * paddedStride + padding * context.Input[2], inputStride).CopyTo(sample[(row * inputStride)..]);
    }

    // Patches are written in ascending order: what a vector writes past the end of its run, the next run overwrites.
    private void CutPatches(T* to)
    {
        int lanes = Vector<T>.Count, step = context.Input[2];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int row = 0; row < square; row++, to += run)
                {
                    T* from = image.Address + (y + row) * paddedStride + x * step;
                    for (int i = 0; i < run; i += lanes)
                        *(Vector<T>*)(to + i) = *(Vector<T>*)(from + i);
                }
    }

    private void AddPatches(T* from)
    {
        int step = context.Input[2];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int row = 0; row < square; row++, from += run)
                    Elementwise.Add(new Span<T>(image.Address + (y + row) * paddedStride + x * step, run), new ReadOnlySpan<T>(from, run));
    }
}
