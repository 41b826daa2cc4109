namespace SoraHpc.Solvers.Dense;

/// <summary>Rows or columns dealt to parts of the grid in blocks, in turn: pure arithmetic. Local indices of a part ascend with the global ones.</summary>
/// <param name="Length">Rows or columns of the whole.</param>
/// <param name="Block">Length of a block; the last may be shorter.</param>
/// <param name="Parts">Rows or columns of ranks.</param>
/// <param name="Part">This rank's.</param>
internal readonly record struct BlockCycle(int Length, int Block, int Parts, int Part)
{
    internal int Blocks => (Length + Block - 1) / Block;

    internal int LocalLength => Before(Length);

    internal int WidthOf(int block) => Math.Min(Block, Length - block * Block);

    internal int OwnerOf(int index) => index / Block % Parts;

    internal int OwnerOfBlock(int block) => block % Parts;

    internal bool Owns(int block) => block % Parts == Part;

    /// <summary>This part's indices below a global one: where, locally, what is not below it begins.</summary>
    internal int Before(int index) => BeforeIn(index, Part);

    /// <summary>The same for any part.</summary>
    internal int BeforeIn(int index, int part)
    {
        int block = index / Block, turn = block % Parts;
        return block / Parts * Block + (turn > part ? Block : turn == part ? index % Block : 0);
    }

    /// <summary>First local index of a block, which this part owns.</summary>
    internal int LocalBegin(int block) => block / Parts * Block;

    /// <summary>The global index of a local one.</summary>
    internal int ToGlobal(int local) => (local / Block * Parts + Part) * Block + local % Block;

    /// <summary>The local index, on its owner, of a global one.</summary>
    internal int ToLocal(int index) => index / Block / Parts * Block + index % Block;
}
