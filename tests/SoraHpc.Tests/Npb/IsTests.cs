using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.Npb;
using SoraHpc.Jobs.Npb.Is;

namespace SoraHpc.Tests.Npb;

public sealed class IsTests
{
    private static readonly IsProblem Small = IsProblem.Of(NpbClass.S);

    [Test]
    public void Keys_are_a_quarter_of_the_range_times_four_numbers()
    {
        int[] keys = new int[1000];
        NpbRandom random = new(NpbRandom.Seed);

        IsKeys.Fill(Small, 0, keys);

        foreach (int key in keys)
            Assert.That(key, Is.EqualTo((int)(Small.Largest / 4 * (random.Next() + random.Next() + random.Next() + random.Next()))));
    }

    [Test]
    public void Shares_of_the_keys_make_the_whole_sequence()
    {
        int[] whole = new int[500], part = new int[200];

        IsKeys.Fill(Small, 0, whole);
        IsKeys.Fill(Small, 300, part);

        Assert.That(part, Is.EqualTo(whole[300..]).AsCollection);
    }

    [Test]
    public void Table_says_how_many_keys_of_all_ranks_are_smaller([Values(1, 2, 3, 5)] int size) => ThreadWorld.Run(size, comm =>
    {
        int[] all = new int[Small.Keys];
        IsKeys.Fill(Small, 0, all);
        (long begin, long end) = EvenCut.Of(all.Length, size, comm.Rank);
        using IsRanking ranking = new(comm, Small);

        ranking.Rank(all.AsSpan((int)begin, (int)(end - begin)));

        int[] sorted = [.. all.Order()];
        for (int value = 0; value < Small.Largest; value += 37)
            Assert.That(ranking.Smaller[value], Is.EqualTo(sorted.Count(key => key < value)));
    });

    [Test]
    public void Large_tables_are_counted_in_bytes_that_carry([Values(1, 2)] int size, [Values(255, 256, 257, 40_003)] int alike) => ThreadWorld.Run(size, comm =>
    {
        int[] keys = new int[alike + 1];
        keys.AsSpan(0, alike).Fill(7);
        keys[alike] = 8;
        using IsRanking ranking = new(comm, Small with { LogLargest = 20 });

        ranking.Rank(keys);
        ranking.Rank(keys);                     // and nothing of the first time remains

        Assert.That((ranking.Smaller[7], ranking.Smaller[8], ranking.Smaller[9]), Is.EqualTo((0, alike * size, (alike + 1) * size)));
    });

    [Test]
    public void Check_finds_ranks_that_are_wrong([Values(1, 3)] int size, [Values(-1, 1, 100_000_000, -100_000_000)] int change) => ThreadWorld.Run(size, comm =>
    {
        (long begin, long end) = EvenCut.Of(Small.Keys, size, comm.Rank);
        int[] keys = new int[end - begin];
        IsKeys.Fill(Small, begin, keys);
        using IsRanking ranking = new(comm, Small);
        ranking.Rank(keys);
        int[] table = ranking.Smaller.ToArray();
        Assert.That(IsSort.Misplaced(comm, Small, keys, table), Is.Zero);

        table[Small.Largest / 2] += change;

        Assert.That(IsSort.Misplaced(comm, Small, keys, table), Is.Positive);
    });
}
