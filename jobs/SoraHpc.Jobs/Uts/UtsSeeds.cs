using SoraHpc.Communication;

namespace SoraHpc.Jobs.Uts;

/// <summary>Where in the tree every rank begins.</summary>
internal static class UtsSeeds
{
    // Without stealing every rank gets this many subtrees on average, where the tree has so many.
    private const int SubtreesPerRank = 64;

    /// <summary>With stealing the root is enough, on one rank. Without, all ranks make the first levels and each takes every n-th subtree.</summary>
    /// <returns>This rank's part, and the nodes above all parts, on one rank.</returns>
    internal static (UtsNode[] Seeds, UtsCounts Above) Of(Communicator world, UtsTree tree, bool stealing)
    {
        UtsNode root = UtsNode.Root(tree);
        UtsCounts above = world.IsRoot ? new(1, root.Children == 0 ? 1 : 0, 0) : default;
        Queue<UtsNode> open = new(root.Children > 0 ? [root] : []);
        if (stealing)
            return (world.IsRoot ? open.ToArray() : [], above);
        while (open.Count < SubtreesPerRank * world.Size && open.TryDequeue(out UtsNode node))
            for (int i = 0; i < node.Children; i++)
            {
                UtsNode child = node.Child(tree, i);
                if (world.IsRoot)
                    above = new(above.Nodes + 1, above.Leaves + (child.Children == 0 ? 1 : 0), Math.Max(above.Depth, child.Depth));
                if (child.Children > 0)
                    open.Enqueue(child);
            }
        return ([.. open.Where((_, i) => i % world.Size == world.Rank)], above);
    }
}
