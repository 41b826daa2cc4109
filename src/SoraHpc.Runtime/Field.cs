using SoraHpc.Decomposition;

namespace SoraHpc.Runtime;

/// <summary>A named quantity over the blocks of one rank, each with a halo.</summary>
public sealed class Field<T> : IDisposable where T : unmanaged
{
    internal Field(string name, Partition partition, IReadOnlyList<int> parts, int haloWidth)
    {
        (Name, HaloWidth) = (name, haloWidth);
        Patches = [.. parts.Select(part => new Patch<T>(part, partition.Blocks[part], partition.Grid.Extent, haloWidth))];
    }

    /// <summary>What it is called in files and messages.</summary>
    public string Name { get; }

    /// <summary>Cells of halo on every side, ≥ 0.</summary>
    public int HaloWidth { get; }

    /// <summary>One patch for every block the rank owns, in the order of the particle's parts.</summary>
    public IReadOnlyList<Patch<T>> Patches { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Patch<T> patch in Patches)
            patch.Dispose();
    }
}
