using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Is;

/// <summary>
/// Ranks by counting: how often each value occurs on this rank, then on all, then how many keys are smaller. The table of those
/// numbers is complete on every rank, so each can look up the rank of each of its keys; no key moves.
/// </summary>
/// <remarks>
/// A counter is one random access, and what it costs is where its table lies. A table of 4·2^LogLargest bytes that the caches hold is counted in
/// directly. Where it is larger, counters are bytes, whose table is a quarter, and carry their 256s into the table of whole numbers, which is
/// touched that rarely; and the counters of keys to come are asked for. Between ranks two tables' worth of whole numbers travel: with two ranks an eighth of the keys' own
/// bytes, for there are 16 keys a value.
/// </remarks>
internal sealed unsafe class IsRanking : IDisposable
{
    // Keys from one to that whose counter is asked for meanwhile: 16 took 1.8 ns a key of class C, 32 1.5, 64 1.45, 128 1.25.
    private const int Ahead = 128;

    // Values up to which whole numbers are counted directly: of class A, 2 MiB of them, bytes are a tenth slower; of class B a fifth faster.
    private const int MostDirect = 1 << 19;

    private readonly Communicator world;
    private readonly int[] slices;
    private readonly AlignedBuffer<byte> counters;
    private readonly AlignedBuffer<int> table, slice;

    /// <summary>Collective in no way; the memory is two tables and a quarter at most.</summary>
    internal IsRanking(Communicator world, IsProblem problem)
    {
        this.world = world;
        slices = EvenCut.Lengths(problem.Largest, world.Size);
        (counters, table) = (new(problem.Largest > MostDirect ? problem.Largest : 0), new(problem.Largest));
        slice = new(world.Size == 1 ? 0 : slices[world.Rank]);
    }

    /// <summary>How many keys of all ranks are smaller than each value, after <see cref="Rank"/>; the same on every rank.</summary>
    internal ReadOnlySpan<int> Smaller => table.GetSpan();

    /// <summary>Fills <see cref="Smaller"/> for the keys of all ranks. Collective.</summary>
    internal void Rank(ReadOnlySpan<int> keys)
    {
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

    private void Count(ReadOnlySpan<int> keys)
    {
        table.GetSpan().Clear();
        fixed (int* from = keys)
            if (counters.Length == 0)
                CountDirectly(from, from + keys.Length);
            else
                CountInBytes(from, keys.Length);
    }

    // Traffic per key: 4 B read in order, one counter of the table read and written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountDirectly(int* key, int* end)
    {
        int* counts = table.Address;
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

    private void CountInBytes(int* from, int keys)
    {
        counters.GetSpan().Clear();
        int asking = Sse.IsSupported ? Math.Max(0, keys - Ahead) & -4 : 0;
        CountAsking(from, from + asking);
        for (int* key = from + asking; key < from + keys; key++)
            CountOne(counters.Address, table.Address, *key);
        AddCounters();
    }

    // Traffic per key: 4 B read in order, one byte of the counters read and written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountAsking(int* key, int* end)
    {
        byte* counts = counters.Address;
        int* carries = table.Address;
        for (; key < end; key += 4)
        {
            Sse.Prefetch0(counts + key[Ahead]);
            Sse.Prefetch0(counts + key[Ahead + 1]);
            Sse.Prefetch0(counts + key[Ahead + 2]);
            Sse.Prefetch0(counts + key[Ahead + 3]);
            CountOne(counts, carries, key[0]);
            CountOne(counts, carries, key[1]);
            CountOne(counts, carries, key[2]);
            CountOne(counts, carries, key[3]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CountOne(byte* counts, int* carries, int key)
    {
        if (++counts[key] == 0)
            carries[key] += byte.MaxValue + 1;
    }

    // Traffic per value: 1 B and 4 B read, 4 B written. Values are a power of two.
    private void AddCounters()
    {
        for (int value = 0; value < table.Length; value += Vector<byte>.Count)
        {
            Vector.Widen(Vector.Load(counters.Address + value), out Vector<ushort> low, out Vector<ushort> high);
            Add(low, table.Address + value);
            Add(high, table.Address + value + Vector<ushort>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector<ushort> counts, int* into)
    {
        Vector.Widen(counts, out Vector<uint> low, out Vector<uint> high);
        (Vector.Load(into) + Vector.AsVectorInt32(low)).Store(into);
        (Vector.Load(into + Vector<int>.Count) + Vector.AsVectorInt32(high)).Store(into + Vector<int>.Count);
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
        foreach (IDisposable buffer in (IDisposable[])[counters, table, slice])
            buffer.Dispose();
    }
}
