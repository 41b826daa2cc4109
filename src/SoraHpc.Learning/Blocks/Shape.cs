namespace SoraHpc.Learning.Blocks;

/// <summary>What one sample is at some place of a model: lengths along its dimensions, slowest first. An image is rows × columns × channels, a
/// sequence time × features, a table's row features. Samples are stored one after the other.</summary>
public sealed class Shape : IEquatable<Shape>
{
    private readonly int[] lengths;

    /// <param name="lengths">Each ≥ 1; at least one.</param>
    /// <exception cref="ArgumentException">None, or one below 1.</exception>
    public Shape(params ReadOnlySpan<int> lengths)
    {
        this.lengths = lengths.ToArray();
        if (lengths.Length == 0 || Array.Exists(this.lengths, length => length < 1))
            throw new ArgumentException($"({string.Join(" × ", this.lengths)}) is no shape: one length or more, each 1 or more", nameof(lengths));
        Elements = this.lengths.Aggregate(1, (product, length) => checked(product * length));
    }

    /// <summary>Lengths along the dimensions, slowest first.</summary>
    public IReadOnlyList<int> Lengths => lengths;

    /// <summary>Number of dimensions.</summary>
    public int Rank => lengths.Length;

    /// <summary>Numbers in one sample.</summary>
    public int Elements { get; }

    /// <summary>Length along a dimension, which may be counted from the end.</summary>
    public int this[Index dimension] => lengths[dimension];

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && lengths.AsSpan().SequenceEqual(other.lengths);

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => lengths.Aggregate(lengths.Length, HashCode.Combine);

    /// <summary>"28 × 28 × 1".</summary>
    public override string ToString() => string.Join(" × ", lengths);
}
