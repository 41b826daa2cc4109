using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Solvers.RandomNumbers;
using SoraHpc.Solvers.Sorting;

namespace SoraHpc.Tests.Contracts;

/// <summary>What sorting over ranks must do on every transport.</summary>
public abstract class SortingContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4, 7);

    private record struct Entry(int Key, long Number);

    private readonly struct EntryKey : IRadixKey<Entry>
    {
        public static ulong Of(in Entry element) => SignedKey.Of(element.Key);
    }

    // Shares of very different sizes, one of them empty; keys that are all different, few, one, or already sorted.
    private static long[] Cuts(int size, long total) => [.. Enumerable.Range(0, size + 1).Select(i => i == size ? total : total * i * i / (size * size))];

    [Test]
    public void Records_come_out_sorted_and_stable_whatever_the_shares([Sizes] int size, [Values(int.MaxValue, 50, 1)] int keys) => OnEveryRank(size, comm =>
    {
        const int total = 3000;
        Entry[] all = [.. Enumerable.Range(0, total).Select(i => new Entry((int)(new RandomSequence(9).BitsAt(i) % (ulong)keys) - keys / 2, i))];
        long[] cuts = Cuts(comm.Size, total);

        Entry[] own = DistributedSort.Sort<Entry, EntryKey>(comm, all.AsSpan((int)cuts[comm.Rank]..(int)cuts[comm.Rank + 1]));

        Assert.That(own, Is.EqualTo(all.OrderBy(entry => entry.Key).Skip((int)cuts[comm.Rank]).Take((int)(cuts[comm.Rank + 1] - cuts[comm.Rank]))).AsCollection);
    });

    [Test]
    public void Numbers_in_descending_order_and_of_all_signs_are_sorted([Sizes] int size) => OnEveryRank(size, comm =>
    {
        const int each = 500;
        double[] own = [.. Enumerable.Range(0, each).Select(i => (double)(each * comm.Size / 2 - (comm.Rank * each + i)) * 1e300)];

        double[] sorted = DistributedSort.Sort<double, FloatKey>(comm, own);

        Assert.That(sorted, Is.EqualTo(Enumerable.Range(0, each).Select(i => (double)(comm.Rank * each + i + 1 - (each * comm.Size - each * comm.Size / 2)) * 1e300)).AsCollection);
    });

    [Test]
    public void Nothing_at_all_can_be_sorted([Sizes] int size) => OnEveryRank(size, comm =>
        Assert.That(DistributedSort.Sort<uint, UnsignedKey>(comm, []), Is.Empty));

    [Test]
    public void Keys_at_places_are_those_of_the_sorted_whole([Sizes] int size) => OnEveryRank(size, comm =>
    {
        ulong[] all = [.. Enumerable.Range(0, 1000).Select(i => new RandomSequence(4).BitsAt(i) % 700)];
        ulong[] own = [.. all.Where((_, i) => i % comm.Size == comm.Rank).Order()];

        ulong[] keys = Selection.KeysAt<ulong, UnsignedKey>(comm, own, [0, 1, 499, 500, 999]);

        ulong[] sorted = [.. all.Order()];
        Assert.That(keys, Is.EqualTo(new[] { sorted[0], sorted[1], sorted[499], sorted[500], sorted[999] }).AsCollection);
    });
}
