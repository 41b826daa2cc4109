namespace SoraHpc.Jobs.Uts;

/// <summary>What a tree is known by.</summary>
/// <param name="Nodes">All nodes, the root among them.</param>
/// <param name="Leaves">Nodes without children.</param>
/// <param name="Depth">Edges from the root to the deepest node.</param>
public readonly record struct UtsCounts(long Nodes, long Leaves, long Depth)
{
    /// <summary>Of two parts of a tree together.</summary>
    internal UtsCounts Plus(UtsCounts other) => new(Nodes + other.Nodes, Leaves + other.Leaves, Math.Max(Depth, other.Depth));
}
