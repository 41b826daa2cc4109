using System.Numerics;
using System.Runtime.CompilerServices;
using SoraHpc.Communication;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Uts;

/// <summary>What a search has found so far on one rank, whatever its lanes.</summary>
internal interface IUtsExplorer : ITaskBody<UtsNode>, IDisposable
{
    /// <summary>Children made here, and how many of them have none; the deepest of them.</summary>
    UtsCounts Found { get; }
}

/// <summary>
/// Makes the children of nodes. Those of many parents are laid side by side in memory, hashed as many at a time as there are lanes,
/// and told apart by one comparison a vector: leaves are only counted, the others become tasks.
/// </summary>
internal sealed unsafe class UtsExplorer<TVector, TLanes> : IUtsExplorer
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    // Six words of the message, the range of numbers with children, the depth: one row each, child i in column i. With 512 columns
    // and the schedule it stays within a first-level cache.
    private const int Columns = 512, RowLength = Columns + 16, LowerRow = 6, WidthRow = 7, DepthRow = 8, Rows = 9;

    private readonly TreeLevels levels;
    private readonly int repetitions;
    private readonly AlignedBuffer<uint> memory = new(Rows * RowLength), scratch = new(Sha1Lanes<TVector, TLanes>.ScheduleVectors * 16);
    private readonly uint* rows, schedule;
    private int filled, deepest;
    private long nodes, leaves;

    /// <param name="repetitions">Times every hash is computed, ≥ 1: more than one slows a rank down on purpose.</param>
    internal UtsExplorer(TreeLevels levels, int repetitions)
    {
        (this.levels, this.repetitions) = (levels, repetitions);
        rows = memory.Address;
        schedule = scratch.Address;
    }

    /// <inheritdoc/>
    public int BatchSize => 64;

    /// <inheritdoc/>
    public UtsCounts Found => new(nodes, leaves, deepest);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(ReadOnlySpan<UtsNode> tasks, TaskQueue<UtsNode> queue)
    {
        foreach (ref readonly UtsNode parent in tasks)
        {
            deepest = Math.Max(deepest, parent.Depth + 1);
            for (int child = 0; child < parent.Children;)
            {
                int count = Math.Min(parent.Children - child, Columns - filled);
                LayOut(in parent, child, count);
                child += count;
                if (filled == Columns)
                    Hash(queue);
            }
        }
        Hash(queue);
    }

    /// <inheritdoc/>
    public string NameOf(in UtsNode task) =>
        $"node {task.State0:x8}{task.State1:x8}{task.State2:x8}{task.State3:x8}{task.State4:x8} at depth {task.Depth}";

    /// <inheritdoc/>
    public void Dispose()
    {
        ((IDisposable)memory).Dispose();
        ((IDisposable)scratch).Dispose();
    }

    // Whole vectors are written; what they write past the last child is overwritten by the next parent, or never looked at.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LayOut(in UtsNode parent, int first, int count)
    {
        (uint lower, uint width) = levels.ParentsAt(parent.Depth + 1);
        TVector state0 = TLanes.Broadcast(parent.State0), state1 = TLanes.Broadcast(parent.State1), state2 = TLanes.Broadcast(parent.State2),
            state3 = TLanes.Broadcast(parent.State3), state4 = TLanes.Broadcast(parent.State4), depth = TLanes.Broadcast((uint)parent.Depth + 1),
            least = TLanes.Broadcast(lower), range = TLanes.Broadcast(width);
        for (int i = 0; i < count; i += TLanes.Count)
        {
            uint* column = rows + filled + i;
            TLanes.Store(state0, column);
            TLanes.Store(state1, column + RowLength);
            TLanes.Store(state2, column + 2 * RowLength);
            TLanes.Store(state3, column + 3 * RowLength);
            TLanes.Store(state4, column + 4 * RowLength);
            TLanes.Store(TLanes.Add(TLanes.Broadcast((uint)(first + i)), TLanes.Numbers), column + 5 * RowLength);
            TLanes.Store(least, column + LowerRow * RowLength);
            TLanes.Store(range, column + WidthRow * RowLength);
            TLanes.Store(depth, column + DepthRow * RowLength);
        }
        filled += count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Hash(TaskQueue<UtsNode> queue)
    {
        uint* digests = stackalloc uint[Sha1.DigestWords * 16];
        nodes += filled;
        leaves += filled;
        for (int i = 0; i < filled; i += TLanes.Count)
        {
            uint* column = rows + i;
            for (int again = 1; again < repetitions; again++)
                Sha1Lanes<TVector, TLanes>.Hash(column, digests, RowLength, 16, schedule);
            Sha1Lanes<TVector, TLanes>.Hash(column, digests, RowLength, 16, schedule);
            uint parents = TLanes.InRange(TLanes.Load(digests + 4 * 16), TLanes.Load(column + LowerRow * RowLength), TLanes.Load(column + WidthRow * RowLength));
            if (filled - i < TLanes.Count)
                parents &= (1u << filled - i) - 1;
            leaves -= BitOperations.PopCount(parents);
            for (; parents != 0; parents &= parents - 1)
                Push(queue, digests, column, BitOperations.TrailingZeroCount(parents));
        }
        filled = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Push(TaskQueue<UtsNode> queue, uint* digests, uint* column, int lane)
    {
        UtsNode node;
        node.State0 = digests[lane];
        node.State1 = digests[16 + lane];
        node.State2 = digests[2 * 16 + lane];
        node.State3 = digests[3 * 16 + lane];
        node.State4 = digests[4 * 16 + lane];
        node.Depth = (int)column[DepthRow * RowLength + lane];
        node.Children = levels.ChildrenOf(node.Depth, node.State4 & 0x7fffffff);
        queue.Push(in node);
    }
}
