using SoraHpc.Solvers.Sorting;

namespace SoraHpc.Jobs.NBody;

/// <summary>One rank's bodies in the order of the curve; bodies at the same place in the order of their numbers, so that the order of all is one.</summary>
internal sealed class BodyShare
{
    private readonly record struct Entry(ulong Key, int Index);

    private readonly struct EntryKey : IRadixKey<Entry>
    {
        public static ulong Of(in Entry element) => element.Key;
    }

    private Body[] bodies, spare = [];
    private Entry[] entries = [], scratch = [];
    private ulong[] keys = [];
    private long[] costBefore = [0];

    internal BodyShare(Body[] bodies) => (this.bodies, Count) = (bodies, bodies.Length);

    internal int Count { get; private set; }

    internal Span<Body> Bodies => bodies.AsSpan(0, Count);

    /// <summary>Room for as many bodies as come; take them over with <see cref="Adopt"/>.</summary>
    internal Span<Body> Incoming(int count)
    {
        if (spare.Length < count)
            spare = new Body[count + count / 8];
        return spare.AsSpan(0, count);
    }

    /// <summary>What was written to <see cref="Incoming"/> is the share now; its order is not yet the curve's.</summary>
    internal void Adopt(int count)
    {
        (bodies, spare) = (spare, bodies);
        Count = count;
    }

    /// <summary>Brings the bodies into the order of the curve.</summary>
    // Keys with an index are sorted, 16 B each, and the bodies moved once.
    internal void Sort(RootCube cube)
    {
        if (entries.Length < Count)
            (entries, scratch, keys) = (new Entry[bodies.Length], new Entry[bodies.Length], new ulong[bodies.Length]);
        Span<Entry> order = entries.AsSpan(0, Count);
        for (int i = 0; i < Count; i++)
            order[i] = new(cube.KeyOf(bodies[i]), i);
        RadixSort.Sort<Entry, EntryKey>(order, scratch.AsSpan(0, Count));
        OrderEqualPlaces(order);
        Span<Body> sorted = Incoming(Count);
        for (int i = 0; i < Count; i++)
        {
            keys[i] = order[i].Key;
            sorted[i] = bodies[order[i].Index];
        }
        Adopt(Count);
    }

    /// <summary>Sums up what bodies cost, for <see cref="CostOf"/>.</summary>
    internal void SumCosts(DealBy dealBy)
    {
        if (costBefore.Length <= Count)
            costBefore = new long[bodies.Length + 1];
        for (int i = 0; i < Count; i++)
            costBefore[i + 1] = costBefore[i] + (dealBy == DealBy.Cost ? bodies[i].Cost : 1);
    }

    internal long CostOf(int begin, int end) => costBefore[end] - costBefore[begin];

    internal ulong KeyAt(int index) => keys[index];

    /// <summary>The first body of [begin, end) at this place of the curve or behind it; end if there is none.</summary>
    internal int FirstFrom(ulong key, int begin, int end)
    {
        while (begin < end)
        {
            int middle = (int)((uint)(begin + end) / 2);
            if (keys[middle] < key)
                begin = middle + 1;
            else
                end = middle;
        }
        return begin;
    }

    // The sort is stable, but what came from other ranks came in an order that depends on who held it.
    private void OrderEqualPlaces(Span<Entry> order)
    {
        for (int i = 1; i < order.Length; i++)
            for (int j = i; j > 0 && order[j - 1].Key == order[j].Key && bodies[order[j - 1].Index].Id > bodies[order[j].Index].Id; j--)
                (order[j - 1], order[j]) = (order[j], order[j - 1]);
    }
}
