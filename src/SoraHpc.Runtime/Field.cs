using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Runtime;

/// <summary>A named quantity over the blocks of one rank, each with a halo.</summary>
public abstract class Field : IDisposable
{
    private protected Field(string name, int haloWidth) => (Name, HaloWidth) = (name, haloWidth);

    /// <summary>What it is called in files and messages.</summary>
    public string Name { get; }

    /// <summary>Cells of halo on every side, ≥ 0.</summary>
    public int HaloWidth { get; }

    /// <summary>What a part's patch takes, halo and padding included [B].</summary>
    internal abstract long BytesOf(Partition partition, int part);

    /// <summary>Starts to send the patches of parts that leave this rank and to receive those that come.</summary>
    internal abstract void StartMove(Communicator communicator, int tag, Partition partition, Placement from, Placement to, List<Request> transfers);

    /// <summary>When all transfers are complete: frees what has left, takes over what has come.</summary>
    internal abstract void FinishMove();

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <inheritdoc/>
/// <typeparam name="T">One cell's value.</typeparam>
public sealed class Field<T> : Field where T : unmanaged
{
    private List<Patch<T>> patches, arriving = [];
    private readonly List<Patch<T>> leaving = [];

    internal Field(string name, Partition partition, IReadOnlyList<int> parts, int haloWidth) : base(name, haloWidth) =>
        patches = [.. parts.Select(part => PatchFor(partition, part))];

    /// <summary>One patch for every block the rank owns, in the order of the particle's parts; others after parts have moved.</summary>
    public IReadOnlyList<Patch<T>> Patches => patches;

    internal override long BytesOf(Partition partition, int part) => Patch<T>.BytesFor(partition.Blocks[part], partition.Grid.Extent, HaloWidth);

    // A patch's memory has the same layout wherever it is, so it goes as one message straight from the old place into the new one,
    // halo included: a job may have set halo cells beyond the grid's edge once and for all.
    internal override void StartMove(Communicator communicator, int tag, Partition partition, Placement from, Placement to, List<Request> transfers)
    {
        Dictionary<int, Patch<T>> held = patches.ToDictionary(patch => patch.Part);
        for (int part = 0; part < partition.Parts; part++)
        {
            (int source, int destination) = (from.RankOf(part), to.RankOf(part));
            if (destination == communicator.Rank)
                arriving.Add(source == destination ? held[part] : PatchFor(partition, part));
            if (source == destination)
                continue;
            if (destination == communicator.Rank)
                transfers.Add(communicator.StartReceive(arriving[^1].Memory, source, tag));
            else if (source == communicator.Rank)
            {
                leaving.Add(held[part]);
                transfers.Add(communicator.StartSend<T>(held[part].Memory, destination, tag));
            }
        }
    }

    internal override void FinishMove()
    {
        foreach (Patch<T> patch in leaving)
            patch.Dispose();
        leaving.Clear();
        (patches, arriving) = (arriving, []);
    }

    private Patch<T> PatchFor(Partition partition, int part) => new(part, partition.Blocks[part], partition.Grid.Extent, HaloWidth);

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (Patch<T> patch in patches.Union(arriving))
            patch.Dispose();
    }
}
