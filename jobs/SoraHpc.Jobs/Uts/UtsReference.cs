namespace SoraHpc.Jobs.Uts;

/// <summary>The search as the benchmark defines it: one node after the other, scalar SHA-1, logarithms. The tests' oracle.</summary>
internal static class UtsReference
{
    internal static UtsCounts Search(UtsTree tree)
    {
        long nodes = 0, leaves = 0;
        int deepest = 0;
        Stack<UtsNode> open = new([UtsNode.Root(tree)]);
        while (open.TryPop(out UtsNode node))
        {
            nodes++;
            deepest = Math.Max(deepest, node.Depth);
            if (node.Children == 0)
                leaves++;
            for (int child = 0; child < node.Children; child++)
                open.Push(node.Child(tree, child));
        }
        return new(nodes, leaves, deepest);
    }
}
