namespace SoraHpc.Storage.Checkpoints;

/// <summary>Which parts of which checkpoints all ranks have in memory, and whose is to be taken. Pure arithmetic on what they told.</summary>
/// <param name="parts">Of every rank in turn its <see cref="PerRank"/>.</param>
internal sealed class HeldParts(HeldPart[] parts)
{
    /// <summary>Own and copy, of each generation.</summary>
    internal const int PerRank = 2 * CheckpointMemory.Generations;

    /// <summary>Checkpoints any part of which is there, newest first.</summary>
    internal IEnumerable<HeldPart> Newest(long lastStep) =>
        parts.Where(part => part.Number > 0 && part.Step <= lastStep).DistinctBy(part => part.Number).OrderByDescending(part => part.Number);

    /// <summary>For every rank that made the checkpoint, where its part is to be taken from: a rank and which of its own. Itself if it is there, else its copy.</summary>
    /// <param name="missing">The ranks of whose part nothing is left.</param>
    internal (int Holder, int Index)[] Sources(HeldPart of, out int[] missing)
    {
        (int Holder, int Index)[] sources = [.. Enumerable.Repeat((-1, -1), of.Ranks)];
        for (int i = 0; i < parts.Length; i++)
        {
            (int holder, int index) = Math.DivRem(i, PerRank);
            if (parts[i].Number == of.Number && (sources[parts[i].Rank].Holder < 0 || IsOwn(index)))
                sources[parts[i].Rank] = (holder, index);
        }
        missing = [.. Enumerable.Range(0, of.Ranks).Where(rank => sources[rank].Holder < 0)];
        return sources;
    }

    /// <summary>The order in which a rank tells: own and copy of the first generation, then of the second.</summary>
    internal static bool IsOwn(int index) => index % 2 == 0;
}

/// <summary>One part that a rank has; number 0 where it has none that counts.</summary>
/// <param name="Rank">Whose part it was, of so many.</param>
internal readonly record struct HeldPart(long Number, long Step, double Time, int Rank, int Ranks);
