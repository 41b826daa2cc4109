namespace SoraHpc.Storage.Checkpoints;

/// <summary>Consecutive elements of an array, by global number.</summary>
/// <param name="Begin">The first, ≥ 0.</param>
/// <param name="Count">How many, ≥ 0.</param>
public readonly record struct ElementRange(long Begin, long Count)
{
    /// <summary>Just after the last.</summary>
    public long End => Begin + Count;
}
