namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// What a rank offers to other nodes, in the one word that thieves look at and add to. The tasks are cut into up to <see cref="MostBlocks"/>
/// blocks of almost equal length; the lowest bits count blocks claimed, so adding to the word claims the next ones, and the word as it was
/// before says which. Thieves that come too late count past the last block and get none.
/// </summary>
/// <remarks>Bits: 0–23 blocks claimed, 24–44 tasks, 45 half of the ring, 46–61 the owner's tasks per second (the upper half of a binary32).</remarks>
internal readonly record struct ControlWord(long Bits)
{
    /// <summary>Blocks of an offer: a share is met to about one in so many.</summary>
    internal const int MostBlocks = 64;

    /// <summary>Ranks that may all count past the last block before the count would run over.</summary>
    internal const int MostRanks = (1 << ClaimedBits) / MostBlocks;

    private const int ClaimedBits = 24, TaskBits = 21, HalfAt = ClaimedBits + TaskBits, RateAt = HalfAt + 1;

    internal static ControlWord Offering(int tasks, int half, double rate) =>
        new((long)(BitConverter.SingleToUInt32Bits((float)rate) >> 16) << RateAt | (long)half << HalfAt | (long)tasks << ClaimedBits);

    internal int Tasks => (int)(Bits >> ClaimedBits) & (1 << TaskBits) - 1;

    /// <summary>0 or 1: which half of the owner's ring holds them.</summary>
    internal int Half => (int)(Bits >> HalfAt) & 1;

    /// <summary>The owner's tasks per second, to one in 128.</summary>
    internal double Rate => BitConverter.UInt32BitsToSingle((uint)(Bits >> RateAt) << 16);

    internal int Blocks => Math.Min(Tasks, MostBlocks);

    /// <summary>The next block to be claimed; <see cref="Blocks"/> when there is none.</summary>
    internal int NextBlock => Math.Min((int)Bits & (1 << ClaimedBits) - 1, Blocks);

    /// <summary>Tasks before the next block: all that have been claimed.</summary>
    internal int Claimed => StartOf(NextBlock);

    /// <summary>No task is left to claim.</summary>
    internal bool IsUsedUp => NextBlock == Blocks;

    /// <summary>Tasks not claimed yet.</summary>
    internal int Left => Tasks - Claimed;

    /// <summary>The first task of a block; <see cref="Tasks"/> for blocks past the last.</summary>
    internal int StartOf(int block) => block >= Blocks ? Tasks : (int)((long)Tasks * block / Blocks);

    /// <summary>Blocks to claim for about so many tasks, at least one.</summary>
    internal int BlocksFor(double tasks) => Math.Clamp((int)(tasks * Blocks / Tasks), 1, Blocks);
}
