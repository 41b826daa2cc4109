namespace SoraHpc.Communication.Faults;

/// <summary>What will go wrong with one message; used up as it does.</summary>
/// <param name="seed">Decides which bits are wrong.</param>
internal sealed class MessageFlaw(ulong seed)
{
    private SplitMix64 random = new(seed);

    /// <summary>Attempts that do not arrive.</summary>
    internal int Losses;

    /// <summary>Attempts that arrive with one bit wrong, after those that do not arrive.</summary>
    internal int Corruptions;

    /// <summary>The bit that is wrong next, of so many.</summary>
    internal long NextBit(nint bits) => random.Below(bits);
}
