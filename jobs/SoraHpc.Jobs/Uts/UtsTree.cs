using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Uts;

/// <summary>
/// A tree of the Unbalanced Tree Search benchmark: every node's 20 bytes are the SHA-1 of its parent's and of its number among the
/// siblings, and they alone decide how many children it has. So any rank can make any subtree, and none knows its size before.
/// </summary>
/// <remarks>Source: Olivier et al., UTS: An Unbalanced Tree Search Benchmark, LCPC 2006.</remarks>
public sealed record UtsTree
{
    /// <summary>Most children of a node; the root of a binomial tree may have more.</summary>
    public const int MostChildren = 100;

    /// <summary>A node draws one of so many numbers, from 0.</summary>
    internal const double Numbers = 1L << 31;

    /// <summary>Short name for reports.</summary>
    public required string Name { get; init; }

    /// <summary>The distribution of children.</summary>
    public required TreeKind Kind { get; init; }

    /// <summary>The shape of the geometric part. Default: fixed.</summary>
    public GeometricShape Shape { get; init; } = GeometricShape.Fixed;

    /// <summary>b₀ ≥ 0: mean children of the root; exactly, rounded down, of a binomial tree's.</summary>
    public double RootChildren { get; init; } = 4;

    /// <summary>d ≥ 1: the depth the geometric shape is measured by.</summary>
    public int DepthScale { get; init => field = value is >= 1 and <= 100_000 ? value : throw new UsageException($"a depth scale of {value} is not in [1, 100000]"); } = 10;

    /// <summary>q in [0, 1]: the probability that a node of the binomial part has children.</summary>
    public double Probability { get; init; }

    /// <summary>m in [0, 100]: how many it then has. The tree is finite when m·q is below 1.</summary>
    public int BinomialChildren { get; init; }

    /// <summary>r: the root's seed.</summary>
    public int Seed { get; init; }

    /// <summary>Counts published for this tree; a run that finds others fails. Null when none are known.</summary>
    public UtsCounts? Published { get; init; }

    /// <summary>Children of a node by the definition. <paramref name="number"/>: the last four bytes of its state, big-endian, without the highest bit.</summary>
    internal int ChildrenOf(int depth, uint number)
    {
        double u = number / Numbers;
        if (Kind == TreeKind.Binomial && depth == 0)
            return (int)RootChildren;
        return IsGeometricAt(depth) ? GeometricChildren(depth, u) : u < Probability ? BinomialChildren : 0;
    }

    /// <summary>The lowest depth from which on the distribution does not change any more.</summary>
    internal int LastLevel => Kind switch
    {
        TreeKind.Binomial => 1,
        TreeKind.Hybrid => (DepthScale + 1) / 2,
        _ when Shape == GeometricShape.Cyclic => 5 * DepthScale + 1,
        _ => DepthScale,
    };

    internal bool IsGeometricAt(int depth) => Kind == TreeKind.Geometric || Kind == TreeKind.Hybrid && depth < 0.5 * DepthScale;

    private int GeometricChildren(int depth, double u)
    {
        double mean = MeanAt(depth);
        if (mean <= 0)
            return 0;
        double p = 1.0 / (1.0 + mean);
        return (int)Math.Min(Math.Floor(Math.Log(1 - u) / Math.Log(1 - p)), MostChildren);
    }

    private double MeanAt(int depth) => Shape switch
    {
        _ when depth == 0 => RootChildren,
        GeometricShape.Fixed => depth < DepthScale ? RootChildren : 0,
        GeometricShape.Linear => RootChildren * (1.0 - depth / (double)DepthScale),
        _ => depth > 5 * DepthScale ? 0 : Math.Pow(RootChildren, Math.Sin(2.0 * Math.PI * depth / DepthScale)),
    };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        TreeKind.Binomial => FormattableString.Invariant($"{Name}: binomial, root {RootChildren}, {BinomialChildren} children with probability {Probability}, seed {Seed}"),
        TreeKind.Geometric => FormattableString.Invariant($"{Name}: geometric {Shape.ToString().ToLowerInvariant()}, mean {RootChildren}, depth {DepthScale}, seed {Seed}"),
        _ => FormattableString.Invariant($"{Name}: geometric {Shape.ToString().ToLowerInvariant()} over binomial, mean {RootChildren}, depth {DepthScale}, {BinomialChildren} children with probability {Probability}, seed {Seed}"),
    };
}
