using System.Numerics;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Blocks;

/// <summary>A row of numbers for every word: time in, whole numbers in [0, Words), time × Features out. Its gradient is of the rows that occur.</summary>
/// <param name="Words">Size of the vocabulary, in [1, 2²⁴]: single precision counts so far.</param>
/// <param name="Features">Numbers for a word, ≥ 1.</param>
public sealed record Embedding(int Words, int Features) : Block
{
    /// <summary>Size of the vocabulary.</summary>
    public int Words { get; } = Words is >= 1 and <= 1 << 24 ? Words : throw new UsageException($"an embedding of {Words} words: give 1 to {1 << 24}");

    /// <summary>Numbers for a word.</summary>
    public int Features { get; } = Features >= 1 ? Features : throw new UsageException($"an embedding of {Features} features: give 1 or more");

    /// <inheritdoc/>
    public override string Name => $"embedding({Words}, {Features})";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => input.Rank == 1 ? new(input[0], Features) : throw Refuse(input, "a row of word numbers");

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> ParametersOf(Shape input) =>
        [new("rows", new(Words, Features), 0, Math.Sqrt(3.0 / Features), ParameterKind.Sparse)];     // rows of length about 1

    /// <inheritdoc/>
    public override long FlopsOf(Shape input) => (long)input[0] * Features;

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new EmbeddingLayer<T>(context.Parameters.Span[0], this);
}

internal sealed class EmbeddingLayer<T>(Parameter<T> rows, Embedding block) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        for (int i = 0; i < input.Length; i++)
            rows.Values.Slice(RowOf(input[i]) * block.Features, block.Features).CopyTo(output[(i * block.Features)..]);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (int i = 0; i < input.Length; i++)
            rows.Rows!.Add(RowOf(input[i]), outputGradient.Slice(i * block.Features, block.Features));
        inputGradient.Clear();                              // a word has no direction to move in
    }

    private int RowOf(T word)
    {
        int row = int.CreateSaturating(word);
        return (uint)row < (uint)block.Words && T.CreateChecked(row) == word ? row
            : throw new SoraException(FormattableString.Invariant($"{block.Name}: {word} is no word; words are whole numbers in [0, {block.Words})"));
    }
}
