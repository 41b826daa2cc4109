using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Runtime.Resilience;

/// <summary>Fields in checkpoints: by global cell, without halos, so that any partition can read what any other has written.</summary>
public static unsafe class FieldCheckpoints
{
    /// <summary>Adds the cells this rank owns; they stay as they are until the checkpoint is started. Local.</summary>
    /// <param name="name">Letters, digits, '_', '-' and '.'.</param>
    public static void AddField<T>(this CheckpointWriter checkpoint, string name, Particle particle, Field<T> field) where T : unmanaged =>
        checkpoint.AddBlocks(name, particle.Partition.Grid.Extent, BlocksOf(field));

    /// <summary>Reads them into this rank's blocks; halos are not touched. Collective.</summary>
    public static void ReadField<T>(this CheckpointReader checkpoint, string name, Particle particle, Field<T> field) where T : unmanaged =>
        checkpoint.ReadBlocks(name, particle.Partition.Grid.Extent, BlocksOf(field));

    /// <summary>Runs of consecutive numbers among ascending ones.</summary>
    public static IReadOnlyList<ElementRange> RangesOf(ReadOnlySpan<int> elements)
    {
        List<ElementRange> ranges = [];
        foreach (int element in elements)
            if (ranges.Count > 0 && ranges[^1].End == element)
                ranges[^1] = new(ranges[^1].Begin, ranges[^1].Count + 1);
            else
                ranges.Add(new(element, 1));
        return ranges;
    }

    private static CheckpointBlock<T>[] BlocksOf<T>(Field<T> field) where T : unmanaged
    {
        CheckpointBlock<T>[] blocks = new CheckpointBlock<T>[field.Patches.Count];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = new(field.Patches[i].Block, field.Patches[i].Origin, field.Patches[i].RowStride, field.Patches[i].PlaneStride);
        return blocks;
    }
}
