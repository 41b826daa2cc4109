namespace SoraHpc.Learning.Training;

/// <summary>
/// The order in which the gradients of strata are summed: a binary tree over their numbers, the same however many ranks there are. A rank sums
/// the largest subtrees that are all its own, its pieces; pieces of all ranks are then summed by the same tree. Pure arithmetic.
/// </summary>
internal sealed class SummationTree
{
    /// <summary>Strata [Begin, Begin + 2^Level), as far as there are any.</summary>
    private readonly record struct Node(int Begin, int Level);

    /// <summary>What to do with the gradient of a rank's next stratum: put it on a stack at <paramref name="Slot"/>, or, with <paramref name="Merges"/> > 0, add it to
    /// the one below, that to the one below it, and so on, so many times.</summary>
    internal readonly record struct Push(int Slot, int Merges);

    private readonly int leaves;

    /// <param name="ownerOf">Rank of every stratum.</param>
    internal SummationTree(ReadOnlySpan<int> ownerOf, int rank, int ranks)
    {
        leaves = ownerOf.Length;
        PiecesOf = new int[ranks];
        List<(Node Node, int Rank)> pieces = [];
        for (int owner = 0; owner < ranks; owner++)
        {
            (Push[] pushes, List<Node> rest) = Plan(ownerOf, owner);
            PiecesOf[owner] = rest.Count;
            pieces.AddRange(rest.Select(node => (node, owner)));
            if (owner == rank)
                Pushes = pushes;
        }
        Merges = MergesOf(pieces);
    }

    /// <summary>For this rank's strata, ascending.</summary>
    internal Push[] Pushes { get; } = [];

    /// <summary>Pieces that are left on every rank's stack.</summary>
    internal int[] PiecesOf { get; }

    /// <summary>Additions of pieces, numbered rank by rank: the right one to the left one. In the end all is in the piece with stratum 0.</summary>
    internal (int Left, int Right)[] Merges { get; }

    /// <summary>The piece that has the sum after all <see cref="Merges"/>.</summary>
    internal int Root { get; private set; }

    /// <summary>Deepest that this rank's stack becomes.</summary>
    internal int Depth => Pushes.Length == 0 ? 0 : Pushes.Max(push => push.Slot - Math.Sign(push.Merges)) + 1;

    private (Push[] Pushes, List<Node> Remaining) Plan(ReadOnlySpan<int> ownerOf, int owner)
    {
        List<Push> pushes = [];
        List<Node> stack = [];
        for (int stratum = 0; stratum < ownerOf.Length; stratum++)
        {
            if (ownerOf[stratum] != owner)
                continue;
            int slot = stack.Count, merges = 0;
            stack.Add(new(stratum, 0));
            while (Settle(stack))
                merges++;
            pushes.Add(new(slot, merges));
        }
        return ([.. pushes], stack);
    }

    // Pieces in the order of their strata; each merge takes the two last.
    private (int, int)[] MergesOf(List<(Node Node, int Rank)> pieces)
    {
        List<(int, int)> merges = [];
        List<Node> stack = [];
        Stack<int> numbers = [];
        foreach (int number in Enumerable.Range(0, pieces.Count).OrderBy(piece => pieces[piece].Node.Begin))
        {
            stack.Add(pieces[number].Node);
            numbers.Push(number);
            while (Settle(stack))
            {
                int right = numbers.Pop();
                merges.Add((numbers.Peek(), right));
            }
        }
        Root = numbers.Peek();
        return [.. merges];
    }

    // Lifts the last node where it has no sibling, then joins it with the one before where they are siblings.
    private bool Settle(List<Node> stack)
    {
        Node last = stack[^1];
        while (last.Begin % (2 << last.Level) == 0 && last.Begin + (1 << last.Level) >= leaves && last.Begin > 0)
            last = last with { Level = last.Level + 1 };
        stack[^1] = last;
        if (stack.Count < 2 || stack[^2].Level != last.Level || last.Begin != stack[^2].Begin + (1 << last.Level) || stack[^2].Begin % (2 << last.Level) != 0)
            return false;
        stack.RemoveAt(stack.Count - 1);
        stack[^1] = stack[^1] with { Level = last.Level + 1 };
        return true;
    }
}
