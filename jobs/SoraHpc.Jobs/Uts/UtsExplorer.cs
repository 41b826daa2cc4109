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
    private const int Columns = 512, RowLength = Columns + 32, LowerRow = 6, WidthRow = 7, DepthRow = 8, Rows = 9, DigestStride = 32;

    private readonly TreeLevels levels;
    private readonly int repetitions;
    private readonly AlignedBuffer<uint> memory = new(Rows * RowLength), scratch = new(Sha1Lanes<TVector, TLanes>.ScheduleVectors * 16 + Sha1.DigestWords * DigestStride);
    private readonly TaskQueue<UtsNode>? thrownAway;
    private readonly uint* rows, schedule, digests;
    private int filled, deepest;
    private long nodes, leaves;

    /// <param name="repetitions">Times the children of a node are made, ≥ 1: more than one slows a rank down on purpose.</param>
    internal UtsExplorer(TreeLevels levels, int repetitions)
    {
        (this.levels, this.repetitions) = (levels, repetitions);
        thrownAway = repetitions > 1 ? new(Columns) : null;
        rows = memory.Address;
        schedule = scratch.Address;
        Sha1Lanes<TVector, TLanes>.Prepare(schedule);
        digests = schedule + Sha1Lanes<TVector, TLanes>.ScheduleVectors * 16;
    }

    /// <inheritdoc/>
    public int BatchSize => 64;

    /// <inheritdoc/>
    public UtsCounts Found => new(nodes, leaves, deepest);

    /// <inheritdoc/>
    public void Execute(ReadOnlySpan<UtsNode> tasks, TaskQueue<UtsNode> queue)
    {
        for (int again = 1; again < repetitions; again++)
        {
            UtsCounts before = Found;
            MakeChildren(tasks, thrownAway!);
            thrownAway!.Clear();
            (nodes, leaves) = (before.Nodes, before.Leaves);
        }
        MakeChildren(tasks, queue);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MakeChildren(ReadOnlySpan<UtsNode> tasks, TaskQueue<UtsNode> queue)
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
        thrownAway?.Dispose();
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
        nodes += filled;
        leaves += filled;
        for (int i = 0; i < filled; i += Sha1Lanes<TVector, TLanes>.Count)
        {
            Sha1Lanes<TVector, TLanes>.Hash(rows + i, digests, RowLength, DigestStride, schedule);
            PushParents(queue, i, 0);
            PushParents(queue, i, TLanes.Count);
        }
        filled = 0;
    }

    // Of one vector of digests, the second of the two begins at its first lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PushParents(TaskQueue<UtsNode> queue, int hashed, int first)
    {
        uint* column = rows + hashed + first, digest = digests + first;
        uint parents = TLanes.InRange(TLanes.Load(digest + 4 * DigestStride), TLanes.Load(column + LowerRow * RowLength), TLanes.Load(column + WidthRow * RowLength));
        int lanes = filled - hashed - first;
        if (lanes < TLanes.Count)
            parents &= lanes > 0 ? (1u << lanes) - 1 : 0;
        leaves -= BitOperations.PopCount(parents);
        for (; parents != 0; parents &= parents - 1)
            Push(queue, digest, column, BitOperations.TrailingZeroCount(parents));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Push(TaskQueue<UtsNode> queue, uint* digest, uint* column, int lane)
    {
        UtsNode node;
        node.State0 = digest[lane];
        node.State1 = digest[DigestStride + lane];
        node.State2 = digest[2 * DigestStride + lane];
        node.State3 = digest[3 * DigestStride + lane];
        node.State4 = digest[4 * DigestStride + lane];
        node.Depth = (int)column[DepthRow * RowLength + lane];
        node.Children = levels.ChildrenOf(node.Depth, node.State4 & 0x7fffffff);
        queue.Push(in node);
    }
}
