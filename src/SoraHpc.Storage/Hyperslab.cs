namespace SoraHpc.Storage;

/// <summary>A box of a dataset's elements: where it starts and how many along every dimension. May be empty. Keep one to use it often.</summary>
public sealed class Hyperslab
{
    private readonly long[] start, count;

    /// <param name="start">First index along every dimension, each ≥ 0.</param>
    /// <param name="count">Elements along every dimension, each ≥ 0; a 0 makes the slab empty.</param>
    /// <exception cref="ArgumentException">The two have not the same length, or an entry is negative.</exception>
    public Hyperslab(ReadOnlySpan<long> start, ReadOnlySpan<long> count)
    {
        if (start.Length != count.Length)
            throw new ArgumentException($"start has {start.Length} dimensions, count {count.Length}", nameof(count));
        long elements = 1;
        for (int i = 0; i < start.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(start[i], nameof(start));
            ArgumentOutOfRangeException.ThrowIfNegative(count[i], nameof(count));
            elements = checked(elements * count[i]);
        }
        (this.start, this.count, Elements) = (start.ToArray(), count.ToArray(), elements);
    }

    /// <summary>A whole dataset of this shape.</summary>
    public static Hyperslab Whole(ReadOnlySpan<long> shape) => new(new long[shape.Length], shape);

    /// <summary>Nothing: what an idle rank passes to a collective transfer.</summary>
    /// <param name="rank">Dimensions of the dataset.</param>
    public static Hyperslab Empty(int rank) => new(new long[rank], new long[rank]);

    /// <summary>First index along every dimension.</summary>
    public ReadOnlySpan<long> Start => start;

    /// <summary>Elements along every dimension.</summary>
    public ReadOnlySpan<long> Count => count;

    /// <summary>Elements in the box.</summary>
    public long Elements { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"[{string.Join(", ", start.Zip(count, (begin, length) => $"{begin}…{begin + length}"))}]";
}
