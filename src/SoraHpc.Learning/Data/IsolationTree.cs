using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Data;

/// <summary>A tree of random cuts.</summary>
internal sealed class IsolationTree
{
    // Streams of a seed, one for each tree; samples have those from 2⁵⁹ on.
    private const ulong Stream = 1UL << 58;

    /// <summary>A cut: rows below <paramref name="At"/> go to node <paramref name="Left"/>, others to the next. Of a leaf the column is −1, and <paramref name="At"/> is the
    /// depth that rows reach there.</summary>
    private readonly record struct Node(int Column, int Left, double At);

    private readonly List<Node> nodes = [];
    private readonly double[][] rows;
    private readonly RandomSequence random;
    private readonly int columns, deepest;

    private IsolationTree(double[][] rows, int columns, ulong seed, int tree)
    {
        (this.rows, this.columns, random) = (rows, columns, new(seed, Stream + (ulong)tree));
        deepest = (int)Math.Ceiling(Math.Log2(rows.Length));
    }

    /// <summary>What it does, in numbers.</summary>
    internal IEnumerable<double> Numbers => nodes.SelectMany(node => (double[])[node.Column, node.Left, node.At]);

    /// <summary>Cuts until every row is alone, or ⌈log₂ rows⌉ deep.</summary>
    internal static IsolationTree Grow(double[][] rows, int columns, ulong seed, int tree)
    {
        IsolationTree grown = new([.. rows], columns, seed, tree);
        grown.nodes.Add(default);
        grown.Cut(0, 0, rows.Length, depth: 0);
        return grown;
    }

    /// <summary>How deep a row comes; where it ends among others, as deep as one of so many is expected to come.</summary>
    internal double DepthOf(ReadOnlySpan<double> row)
    {
        Node node = nodes[0];
        while (node.Column >= 0)
            node = nodes[row[node.Column] < node.At ? node.Left : node.Left + 1];
        return node.At;
    }

    /// <summary>Mean depth of the leaf in which a search of a random binary tree of <paramref name="rows"/> leaves ends: 2·H(n − 1) − 2·(n − 1)/n, H the harmonic number.</summary>
    internal static double MeanDepth(int rows)
    {
        double harmonic = 0;
        for (int i = rows - 1; i >= 1; i--)
            harmonic += 1.0 / i;
        return rows < 2 ? 0 : 2 * harmonic - 2.0 * (rows - 1) / rows;
    }

    private void Cut(int node, int begin, int end, int depth)
    {
        int[] varying = depth < deepest && end - begin > 1 ? [.. Enumerable.Range(0, columns).Where(column => Varies(column, begin, end))] : [];
        if (varying.Length == 0)
        {
            nodes[node] = new(-1, 0, depth + MeanDepth(end - begin));
            return;
        }
        int chosen = varying[(int)Math.BigMul(random.BitsAt(2L * node), (ulong)varying.Length, out _)];
        (double least, double most) = (rows[begin..end].Min(row => row[chosen]), rows[begin..end].Max(row => row[chosen]));
        // Never the least itself, however close both are: then no row would be below.
        double uniform = random.UniformAt(2L * node + 1), at = Math.Clamp((1 - uniform) * least + uniform * most, Math.BitIncrement(least), most);
        int middle = begin;
        for (int i = begin; i < end; i++)
            if (rows[i][chosen] < at)
                (rows[i], rows[middle], middle) = (rows[middle], rows[i], middle + 1);
        int left = nodes.Count;
        nodes[node] = new(chosen, left, at);
        nodes.AddRange([default, default]);
        Cut(left, begin, middle, depth + 1);
        Cut(left + 1, middle, end, depth + 1);
    }

    private bool Varies(int column, int begin, int end)
    {
        for (int i = begin + 1; i < end; i++)
            if (rows[i][column] != rows[begin][column])
                return true;
        return false;
    }
}
