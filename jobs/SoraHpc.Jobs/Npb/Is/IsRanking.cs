using System.Runtime.CompilerServices;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Is;

/// <summary>
/// Ranks by counting: how often each value occurs on this rank, then on all, then how many keys are smaller. The table of those
/// numbers is complete on every rank, so each can look up the rank of each of its keys; no key moves.
/// </summary>
/// <remarks>
/// A counter is one random access to a table of 4·2^LogLargest bytes, which the shared cache holds, and accesses do not wait for each
/// other. Between ranks two tables' worth of counters travel: with two ranks an eighth of the keys' own bytes, for there are 16 keys a value.
/// </remarks>
internal sealed unsafe class IsRanking : IDisposable
{
    private readonly Communicator world;
    private readonly int[] slices;
    private readonly AlignedBuffer<int> table, slice;

    /// <summary>Collective in no way; the memory is two tables at most.</summary>
    internal IsRanking(Communicator world, IsProblem problem)
    {
        this.world = world;
        slices = EvenCut.Lengths(problem.Largest, world.Size);
        table = new(problem.Largest);
        slice = new(world.Size == 1 ? 0 : slices[world.Rank]);
    }

    /// <summary>How many keys of all ranks are smaller than each value, after <see cref="Rank"/>; the same on every rank.</summary>
    internal ReadOnlySpan<int> Smaller => table.GetSpan();

    /// <summary>Fills <see cref="Smaller"/> for the keys of all ranks. Collective.</summary>
    internal void Rank(ReadOnlySpan<int> keys)
    {
        table.GetSpan().Clear();
        Count(keys);
        if (world.Size == 1)
        {
            Accumulate(table.GetSpan(), 0);
            return;
        }
        world.ReduceScatterv<int>(table.GetSpan(), slice.GetSpan(), slices, ReduceOperation.Sum);
        int total = 0;
        foreach (int count in slice.GetSpan())
            total += count;
        Accumulate(slice.GetSpan(), world.Exscan(total, ReduceOperation.Sum));
        world.Allgatherv<int>(slice.GetSpan(), table.GetSpan(), slices);
    }

    // Traffic per key: 4 B read in order, one counter of the table read and written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(ReadOnlySpan<int> keys)
    {
        int* counts = table.Address;
        fixed (int* from = keys)
        {
            int* key = from, end = from + keys.Length;
            for (; key <= end - 4; key += 4)
            {
                counts[key[0]]++;
                counts[key[1]]++;
                counts[key[2]]++;
                counts[key[3]]++;
            }
            for (; key < end; key++)
                counts[*key]++;
        }
    }

    // Counts become the sums of those before them, plus what came before all of them.
    private static void Accumulate(Span<int> counts, int before)
    {
        foreach (ref int count in counts)
        {
            int own = count;
            count = before;
            before += own;
        }
    }

    public void Dispose()
    {
        ((IDisposable)table).Dispose();
        ((IDisposable)slice).Dispose();
    }
}
