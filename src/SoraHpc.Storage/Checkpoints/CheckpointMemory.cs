namespace SoraHpc.Storage.Checkpoints;

/// <summary>
/// What one rank keeps of a run's checkpoints in memory: its own part and the copy of another rank's, of two generations. It outlives the
/// <see cref="CheckpointCopies"/> that fill it, and so a failure of other ranks. What of it counts is told by the checksums in it alone.
/// </summary>
public sealed class CheckpointMemory : IDisposable
{
    /// <summary>One that counts, and one that is being made.</summary>
    internal const int Generations = 2;

    private readonly CheckpointImage[] own = [new(), new()], copies = [new(), new()];

    /// <summary>The generation that counts; the other is overwritten by the next.</summary>
    internal int Newest { get; set; }

    /// <summary>The last number this rank gave to a checkpoint.</summary>
    internal long LastNumber { get; set; }

    /// <summary>This rank's part of a generation.</summary>
    internal CheckpointImage Own(int generation) => own[generation];

    /// <summary>The copy of another rank's.</summary>
    internal CheckpointImage Copy(int generation) => copies[generation];

    /// <summary>Forgets all.</summary>
    internal void Clear()
    {
        foreach (CheckpointImage image in own.Concat(copies))
            image.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
