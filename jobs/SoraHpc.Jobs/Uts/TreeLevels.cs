using System.Runtime.CompilerServices;

namespace SoraHpc.Jobs.Uts;

/// <summary>
/// The number of children as tables, one a depth: the definition takes a logarithm a node, but for each depth it only cuts the 2³¹
/// numbers a node can draw into ranges. Made from the definition by bisection, so both agree on every number.
/// </summary>
internal sealed class TreeLevels
{
    private const int GuideShift = 23, GuideLength = 1 << 31 - GuideShift;

    private readonly UtsTree tree;
    private readonly Level[] levels;

    internal TreeLevels(UtsTree tree)
    {
        this.tree = tree;
        levels = new Level[tree.LastLevel + 1];
        for (int depth = 0; depth < levels.Length; depth++)
            levels[depth] = tree.IsGeometricAt(depth) ? Geometric(depth) : Binomial(depth);
    }

    /// <summary>The numbers with which a node at <paramref name="depth"/> has children are those in [lower, lower + width).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (uint Lower, uint Width) ParentsAt(int depth)
    {
        Level level = levels[Math.Min(depth, levels.Length - 1)];
        return (level.Lower, level.Width);
    }

    /// <summary>As <see cref="UtsTree.ChildrenOf"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int ChildrenOf(int depth, uint number)
    {
        Level level = levels[Math.Min(depth, levels.Length - 1)];
        if (level.Constant >= 0)
            return number - level.Lower < level.Width ? level.Constant : 0;
        int children = level.Guide[number >> GuideShift];
        while (number >= level.FirstWith[children + 1])
            children++;
        return children;
    }

    private Level Binomial(int depth)
    {
        // The most that any number gives, and the numbers are [0, width): u < q.
        int children = tree.ChildrenOf(depth, 0);
        uint width = children == 0 ? 0 : FirstThat(number => tree.ChildrenOf(depth, number) < children);
        return new(0, width, children, [], []);
    }

    // Children grow with the number drawn: FirstWith[k] is the least number with k children or more.
    private Level Geometric(int depth)
    {
        int most = tree.ChildrenOf(depth, int.MaxValue);
        uint[] firstWith = new uint[most + 2];
        for (int children = 1; children <= most; children++)
            firstWith[children] = FirstThat(number => tree.ChildrenOf(depth, number) >= children);
        firstWith[most + 1] = uint.MaxValue;
        byte[] guide = new byte[GuideLength];
        for (int i = 0; i < guide.Length; i++)
            guide[i] = (byte)tree.ChildrenOf(depth, (uint)i << GuideShift);
        uint lower = most == 0 ? 0 : firstWith[1];
        return new(lower, most == 0 ? 0 : (uint)UtsTree.Numbers - lower, -1, firstWith, guide);
    }

    // The least number in [0, 2³¹] from which on the property holds; 2³¹ when it never does.
    private static uint FirstThat(Func<uint, bool> property)
    {
        uint low = 0, high = (uint)UtsTree.Numbers;
        while (low < high)
        {
            uint middle = (low + high) / 2;
            if (property(middle))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    /// <param name="Constant">Children of every node that has some; −1 where they vary.</param>
    /// <param name="FirstWith">By children: the least number with so many; one entry more that no number reaches.</param>
    /// <param name="Guide">By the number's upper bits: the fewest children such a number has.</param>
    private sealed record Level(uint Lower, uint Width, int Constant, uint[] FirstWith, byte[] Guide);
}
