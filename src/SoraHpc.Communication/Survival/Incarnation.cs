namespace SoraHpc.Communication;

/// <summary>What a rank's communicators of one world have in common beyond that world.</summary>
/// <param name="Generation">How often the world was formed anew.</param>
/// <param name="Memory">The rank's, the same object in every generation.</param>
/// <param name="Recovery">How this world came to be; null in generation 0.</param>
internal sealed record Incarnation(int Generation, RankMemory Memory, RecoveryReport? Recovery)
{
    /// <summary>A rank's first, in a run that starts.</summary>
    internal static Incarnation First() => new(0, new RankMemory(), null);
}
