namespace SoraHpc.Storage.Checkpoints;

/// <summary>Which rank writes, or reads, which sections: all sections of all arrays in a row, dealt in equal shares. Pure arithmetic.</summary>
/// <remarks>Shares are contiguous, so that every rank makes few and long transfers, each section is in one rank's hands, and the
/// cut of the job's own grid does not show in the file.</remarks>
internal sealed class SectionPlan
{
    private readonly IReadOnlyList<CheckpointArray> arrays;
    private readonly int ranks;
    private readonly long[] firstSection;

    internal SectionPlan(IReadOnlyList<CheckpointArray> arrays, int ranks)
    {
        (this.arrays, this.ranks) = (arrays, ranks);
        firstSection = new long[arrays.Count + 1];
        for (int i = 0; i < arrays.Count; i++)
            firstSection[i + 1] = firstSection[i] + arrays[i].Sections;
    }

    internal IReadOnlyList<CheckpointArray> Arrays => arrays;

    /// <summary>Sections of all arrays.</summary>
    internal long Sections => firstSection[^1];

    /// <summary>The sections of a rank, by number among all.</summary>
    internal ElementRange SectionsOf(int rank) => Deal(Sections, ranks, rank);

    /// <summary>A rank's elements of an array; possibly none.</summary>
    internal ElementRange Interval(int array, int rank)
    {
        ElementRange sections = SectionsOf(rank);
        CheckpointArray of = arrays[array];
        long begin = ElementAt(of, sections.Begin - firstSection[array]), end = ElementAt(of, sections.End - firstSection[array]);
        return new(begin, end - begin);
    }

    /// <summary>Where a rank's elements of an array begin in its share [B]. Past the last array: the bytes of the share.</summary>
    internal long ShareOffset(int array, int rank)
    {
        long bytes = 0;
        for (int i = 0; i < array; i++)
            bytes += Interval(i, rank).Count * arrays[i].ElementBytes;
        return bytes;
    }

    /// <summary>Bytes of a rank's share.</summary>
    internal long ShareBytes(int rank) => ShareOffset(arrays.Count, rank);

    /// <summary>A rank's sections, in the order in which they lie in its share.</summary>
    internal IEnumerable<Section> Of(int rank)
    {
        ElementRange mine = SectionsOf(rank);
        for (int i = 0; i < arrays.Count; i++)
        {
            CheckpointArray array = arrays[i];
            long last = Math.Min(mine.End, firstSection[i + 1]);
            for (long number = Math.Max(mine.Begin, firstSection[i]); number < last; number++)
            {
                long begin = (number - firstSection[i]) * array.ElementsPerSection, end = Math.Min(array.Elements, begin + array.ElementsPerSection);
                yield return new(number, array, array.Offset + begin * array.ElementBytes, (int)((end - begin) * array.ElementBytes));
            }
        }
    }

    /// <summary>Number <paramref name="part"/> of <paramref name="parts"/> ranges of <paramref name="count"/> things; they differ by one at most.</summary>
    internal static ElementRange Deal(long count, int parts, int part)
    {
        (long quotient, long remainder) = Math.DivRem(count, parts);
        return new(part * quotient + Math.Min(part, remainder), quotient + (part < remainder ? 1 : 0));
    }

    private static long ElementAt(CheckpointArray array, long section) =>
        section <= 0 ? 0 : section >= array.Sections ? array.Elements : section * array.ElementsPerSection;
}

/// <summary>What is checked in one piece.</summary>
/// <param name="Number">Among all sections of the file.</param>
/// <param name="Offset">In the file [B].</param>
internal readonly record struct Section(long Number, CheckpointArray Array, long Offset, int Bytes);
