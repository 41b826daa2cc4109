using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>What a rank's part of a checkpoint holds: all arrays, and of each the ranges that follow each other in the part.</summary>
internal sealed record CheckpointLayout(IReadOnlyList<CheckpointArray> Arrays, IReadOnlyList<IReadOnlyList<ElementRange>> Ranges)
{
    /// <summary>Of elements that lie anywhere in the job's memory.</summary>
    internal static CheckpointLayout Of(IReadOnlyList<CheckpointArray> arrays, IReadOnlyList<List<Run>> runs) =>
        new(arrays, [.. runs.Select(list => Merged(list))]);

    /// <summary>Of a rank's equal share.</summary>
    internal static CheckpointLayout Of(SectionPlan plan, int rank) =>
        new(plan.Arrays, [.. Enumerable.Range(0, plan.Arrays.Count).Select(array => (ElementRange[])[plan.Interval(array, rank)])]);

    internal long Bytes => Arrays.Select((array, i) => Ranges[i].Sum(range => range.Count) * array.ElementBytes).Sum();

    /// <summary>Where the elements are in a part that begins at <paramref name="data"/>, added to the lists of all arrays.</summary>
    internal void AddRuns(nint data, IReadOnlyList<List<Run>> runs)
    {
        for (int i = 0; i < Arrays.Count; i++)
            foreach (ElementRange range in Ranges[i])
            {
                runs[i].Add(new(range, data));
                data += (nint)(range.Count * Arrays[i].ElementBytes);
            }
    }

    internal byte[] ToBytes()
    {
        MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Arrays.Count);
        for (int i = 0; i < Arrays.Count; i++)
        {
            Preamble.Write(writer, Arrays[i]);
            writer.Write(Ranges[i].Count);
            foreach (ElementRange range in Ranges[i])
            {
                writer.Write(range.Begin);
                writer.Write(range.Count);
            }
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Of bytes that are as <see cref="ToBytes"/> made them.</summary>
    internal static CheckpointLayout From(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes));
        CheckpointArray[] arrays = new CheckpointArray[reader.ReadInt32()];
        ElementRange[][] ranges = new ElementRange[arrays.Length][];
        for (int i = 0; i < arrays.Length; i++)
        {
            arrays[i] = Preamble.ReadArray(reader);
            ranges[i] = new ElementRange[reader.ReadInt32()];
            for (int k = 0; k < ranges[i].Length; k++)
                ranges[i][k] = new(reader.ReadInt64(), reader.ReadInt64());
        }
        return new(arrays, ranges);
    }

    private static List<ElementRange> Merged(List<Run> runs)
    {
        List<ElementRange> ranges = [];
        foreach (Run run in runs)
            if (ranges.Count > 0 && ranges[^1].End == run.Range.Begin)
                ranges[^1] = new(ranges[^1].Begin, ranges[^1].Count + run.Range.Count);
            else
                ranges.Add(run.Range);
        return ranges;
    }
}
