namespace SoraHpc.Jobs.Uts;

/// <summary>A node that has children: the task that makes them. Blittable, 28 bytes.</summary>
internal struct UtsNode
{
    /// <summary>Words of the state, big-endian.</summary>
    internal uint State0, State1, State2, State3, State4;

    /// <summary>Edges to the root.</summary>
    internal int Depth;

    /// <summary>Its children, ≥ 1.</summary>
    internal int Children;

    /// <summary>The number the node draws.</summary>
    internal readonly uint Number => State4 & 0x7fffffff;

    internal static UtsNode Root(UtsTree tree)
    {
        Span<uint> state = stackalloc uint[Sha1.DigestWords];
        Sha1.Hash([0, 0, 0, 0, (uint)tree.Seed], state);
        return From(tree, state, 0);
    }

    internal readonly UtsNode Child(UtsTree tree, int number)
    {
        Span<uint> state = stackalloc uint[Sha1.DigestWords];
        Sha1.Hash([State0, State1, State2, State3, State4, (uint)number], state);
        return From(tree, state, Depth + 1);
    }

    private static UtsNode From(UtsTree tree, ReadOnlySpan<uint> state, int depth)
    {
        UtsNode node = new() { State0 = state[0], State1 = state[1], State2 = state[2], State3 = state[3], State4 = state[4], Depth = depth };
        node.Children = tree.ChildrenOf(depth, node.Number);
        return node;
    }
}
