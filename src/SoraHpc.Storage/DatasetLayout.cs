namespace SoraHpc.Storage;

/// <summary>How a new dataset lies in the file. The default: one contiguous piece.</summary>
public sealed record DatasetLayout
{
    /// <summary>A length in <see cref="MaximumShape"/> that may grow without end.</summary>
    public const long Unlimited = -1;

    /// <summary>Elements of one chunk along every dimension, each ≥ 1; null: contiguous. Best the size of one rank's partition: a chunk that
    /// two ranks write costs both. Compression and growth need chunks.</summary>
    public long[]? ChunkShape { get; init; }

    /// <summary>Deflate level in [0, 9]; 0: none. Level 1 has most of the gain.</summary>
    public int Deflate { get; init => field = value is >= 0 and <= 9 ? value : throw new ArgumentOutOfRangeException(nameof(Deflate)); }

    /// <summary>Sort bytes by significance before compressing: floating-point data then compresses much better.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Store a checksum with every chunk; a damaged chunk is an error when read.</summary>
    public bool Fletcher32 { get; init; }

    /// <summary>How far each dimension may grow, <see cref="Unlimited"/> for no limit; null: not at all.</summary>
    public long[]? MaximumShape { get; init; }

    /// <summary>The writer promises to write every element, so that the file is not filled first: halves the time of a parallel write.
    /// An element left out is then undefined.</summary>
    public bool EveryElementIsWritten { get; init; }
}
