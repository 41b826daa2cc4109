using System.Numerics;
using System.Text.Json.Serialization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Blocks;

/// <summary>Blocks one after the other: what one gives the next takes.</summary>
/// <param name="Blocks">One to 63.</param>
[method: JsonConstructor]
public sealed record Series(IReadOnlyList<Block> Blocks) : Block
{
    private const int MostBlocks = 63;

    /// <param name="blocks">One to 63.</param>
    public Series(params Block[] blocks) : this((IReadOnlyList<Block>)blocks) { }

    /// <summary>In the order in which samples pass through them.</summary>
    public IReadOnlyList<Block> Blocks { get; } = Blocks.Count is >= 1 and <= MostBlocks ? Blocks
        : throw new UsageException($"a series of {Blocks.Count} blocks: give 1 to {MostBlocks}, or series inside of it");

    /// <inheritdoc/>
    public override string Name => $"series of {Blocks.Count}";

    /// <summary>"(gru(16) → dense(4))".</summary>
    public override string Description => $"({string.Join(" → ", Blocks.Select(block => block.Description))})";

    /// <summary>Shape before every block, and the last one's output: one more than there are blocks.</summary>
    /// <exception cref="UsageException">A block does not take what the one before it gives; the line names both, and both shapes.</exception>
    public Shape[] ShapesFor(Shape input)
    {
        Shape[] shapes = new Shape[Blocks.Count + 1];
        shapes[0] = input;
        for (int i = 0; i < Blocks.Count; i++)
            try
            {
                shapes[i + 1] = Blocks[i].OutputOf(shapes[i]);
            }
            catch (UsageException refusal)
            {
                string before = i == 0 ? "the model's input gives" : $"block {i - 1}, {Blocks[i - 1].Name}, gives";
                throw new UsageException($"{before} {shapes[i]}, which block {i}, {Blocks[i].Name}, does not take: {refusal.Message}");
            }
        return shapes;
    }

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => ShapesFor(input)[^1];

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> ParametersOf(Shape input)
    {
        Shape[] shapes = ShapesFor(input);
        return [.. Blocks.SelectMany((block, i) => block.ParametersOf(shapes[i]).Select(tensor => tensor with { Name = $"{i}/{tensor.Name}" }))];
    }

    /// <inheritdoc/>
    public override long FlopsOf(Shape input)
    {
        Shape[] shapes = ShapesFor(input);
        return Blocks.Select((block, i) => block.FlopsOf(shapes[i])).Sum();
    }

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new SeriesLayer<T>(context, this);
}

/// <summary>The layers of a series with the activations between them, and the gradients of two of them at a time.</summary>
internal sealed class SeriesLayer<T> : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Layer<T>[] layers;
    private readonly Shape[] shapes;
    private readonly bool[] isView;                             // layers that leave numbers as and where they are; never the last
    private readonly AlignedBuffer<T>?[] activations;           // after every layer but the last; null after a view
    private readonly AlignedBuffer<T> first, second;
    private readonly int lowestLearning;                        // first layer with parameters; their number where none has
    private readonly int lowestComputing;                       // first that is no view

    /// <param name="context">Of the series.</param>
    /// <param name="series">Its blocks.</param>
    /// <param name="firstChild">Number of the first block, where the series is a part of one that lies on several ranks.</param>
    /// <param name="bind">Makes each block's layer; null: <see cref="Block.Bind"/>.</param>
    internal SeriesLayer(LayerContext<T> context, Series series, int firstChild = 0, Func<Block, LayerContext<T>, Layer<T>>? bind = null)
    {
        shapes = series.ShapesFor(context.Input);
        layers = new Layer<T>[series.Blocks.Count];
        int parameter = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            int count = series.Blocks[i].ParametersOf(shapes[i]).Count;
            LayerContext<T> inside = context.Inside(firstChild + i, shapes[i], parameter, count);
            layers[i] = bind?.Invoke(series.Blocks[i], inside) ?? series.Blocks[i].Bind(inside);
            parameter += count;
        }
        isView = [.. layers.Select((layer, i) => layer is FlattenLayer<T> && i < layers.Length - 1)];
        activations = [.. shapes[1..^1].Select((shape, i) => isView[i] ? null : new AlignedBuffer<T>(context.Capacity * shape.Elements))];
        int widest = context.Capacity * shapes.Max(shape => shape.Elements);
        (first, second) = (new(widest), new(widest));
        lowestLearning = series.Blocks.TakeWhile((block, i) => block.ParametersOf(shapes[i]).Count == 0).Count();
        lowestComputing = Array.IndexOf(isView, false);
    }

    internal IReadOnlyList<Layer<T>> Layers => layers;

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        for (int i = 0; i < layers.Length; i++)
            if (!isView[i])
                layers[i].Forward(pass, Before(pass, i, input), After(pass, i, output));
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Backward(pass, input, output, outputGradient, inputGradient, null);

    /// <param name="completed">Told the number of every layer whose parameters' gradients are complete, last layer first.</param>
    internal void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, Action<int>? completed)
    {
        ReadOnlySpan<T> gradient = outputGradient;
        AlignedBuffer<T> free = first, taken = second;
        int end = inputGradient.IsEmpty ? lowestLearning : lowestComputing;     // below it nobody asks for a gradient
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            if (i < end || isView[i])
            {
                completed?.Invoke(i);
                continue;
            }
            Span<T> next = i == end ? inputGradient : free.GetSpan()[..(pass.Samples * shapes[i].Elements)];
            ReadOnlySpan<T> after = i == layers.Length - 1 ? output : activations[i]!.GetSpan()[..(pass.Samples * shapes[i + 1].Elements)];
            layers[i].Backward(pass, Before(pass, i, input), after, gradient, next);
            completed?.Invoke(i);
            gradient = next;
            (free, taken) = (taken, free);
        }
    }

    public override void Dispose()
    {
        foreach (Layer<T> layer in layers)
            layer.Dispose();
        foreach (AlignedBuffer<T>? buffer in (AlignedBuffer<T>?[])[.. activations, first, second])
            ((IDisposable?)buffer)?.Dispose();
        base.Dispose();
    }

    private ReadOnlySpan<T> Before(in Pass pass, int layer, ReadOnlySpan<T> input)
    {
        int from = layer - 1;
        while (from >= 0 && isView[from])
            from--;
        return from < 0 ? input : activations[from]!.GetSpan()[..(pass.Samples * shapes[layer].Elements)];
    }

    private Span<T> After(in Pass pass, int layer, Span<T> output) =>
        layer == layers.Length - 1 ? output : activations[layer]!.GetSpan()[..(pass.Samples * shapes[layer + 1].Elements)];
}
