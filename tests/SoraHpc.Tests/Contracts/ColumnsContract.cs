using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Weather;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Tests.Contracts;

/// <summary>Results that go home from where they were made, and columns of weather advanced by whichever rank is idle.</summary>
public abstract class ColumnsContract
{
    private readonly record struct Numbered(long Number, int Maker, int Owner);

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    protected sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    [Test]
    public void Results_come_home_by_maker_and_in_order([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using ResultReturn<Numbered> results = new(comm, capacity: 1);
        for (int round = 0; round < 5; round++)
        {
            // Rank r makes a different number for each owner; some make none.
            int made = comm.Rank == 1 ? 0 : 40 * (round + 1) * (comm.Rank + 1);
            for (int i = 0; i < made; i++)
                results.Add(i * i % comm.Size, new(i, comm.Rank, i * i % comm.Size));
            Assert.That(results.Count, Is.EqualTo(made));

            Numbered[] home = [.. results.Exchange()];

            var expected = from maker in Enumerable.Range(0, comm.Size)
                           where maker != 1
                           from i in Enumerable.Range(0, 40 * (round + 1) * (maker + 1))
                           where i * i % comm.Size == comm.Rank
                           select new Numbered(i, maker, comm.Rank);
            Assert.That(home, Is.EqualTo(expected).AsCollection);
            Assert.That(results.Count, Is.Zero);
        }
    });

    [Test]
    public void Exchange_of_nothing_and_results_thrown_away_bring_nothing([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using ResultReturn<Numbered> results = new(comm);
        Assert.That(results.Exchange().Length, Is.Zero);
        results.Add(comm.Size - 1, default);
        results.Clear();
        Assert.That(results.Exchange().Length, Is.Zero);
        Assert.That(() => results.Add(comm.Size, default), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => results.Add(-1, default), Throws.TypeOf<ArgumentOutOfRangeException>());
    });

    [Test]
    public void Exchange_allocates_nothing_once_it_has_grown([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        using ResultReturn<Numbered> results = new(comm);
        long least = Allocations.Least(() =>
        {
            for (int i = 0; i < 500; i++)
                results.Add(i % comm.Size, default);
            results.Exchange();
        }, steps: 10);
        Assert.That(least, Is.Zero);
    });

    [Test]
    public void Columns_have_the_same_bits_wherever_they_are_advanced([Sizes] int size) => OnEveryRank(size, comm =>
    {
        GeoPoint[] places = Places(60);
        using Communicator self = comm.Self();
        double[] alone = Advance(self, places, new(), places.Length, 0);
        int first = places.Length * comm.Rank / comm.Size, count = places.Length * (comm.Rank + 1) / comm.Size - first;
        double[] expected = alone[(first * Numbers)..((first + count) * Numbers)];
        PhysicsOptions[] ways = [new(), new() { Stealing = new() { Enabled = false } }, new() { SlowRank = comm.Size - 1, SlowFactor = 5 }];
        foreach (PhysicsOptions options in ways)
            Assert.That(Advance(comm, places, options, count, first), Is.EqualTo(expected).AsCollection, options.ToString());
    });

    // All columns with rank 0: the others get theirs by stealing alone.
    [Test]
    public void Columns_of_one_rank_come_back_to_it([Values(2, 3)] int size) => OnEveryRank(size, comm =>
    {
        GeoPoint[] places = Places(300);
        using ColumnModel columns = new(comm, comm.IsRoot ? places : [], new() { SlowRank = 0, SlowFactor = 20 });
        long stolen = 0;
        for (int hour = 0; hour < 3; hour++)
            stolen += comm.Allreduce(columns.Advance(3600 * hour, 3600).TasksStolen, ReduceOperation.Sum);
        double[] found = Flatten(columns.Columns);
        using Communicator self = comm.Self();
        Assert.That(stolen, Is.Positive);
        if (comm.IsRoot)
            Assert.That(found, Is.EqualTo(Advance(self, places, new(), places.Length, 0)).AsCollection);
    });

    [Test]
    public void Column_that_is_no_number_is_named_with_its_place_on_every_rank([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using ColumnModel columns = new(comm, Places(20), new());
        if (comm.Rank == comm.Size - 1)
            columns.Columns[7].Temperatures[3] = double.NaN;

        TaskException failure = Assert.Throws<TaskException>(() => columns.Advance(0, 600))!;

        Assert.That(failure.Message, Does.StartWith($"the column at -84.9° N, 28.0° E, of rank {comm.Size - 1}, failed on rank {failure.Rank}: SoraException: NaN K in the air"));
    });

    [Test]
    public void Slow_rank_that_does_not_exist_is_refused([Sizes] int size) => OnEveryRank(size, comm =>
        Assert.That(() => new ColumnModel(comm, [], new() { SlowRank = comm.Size }), Throws.TypeOf<UsageException>()));

    private const int Numbers = 4 + 32;

    private static double[] Advance(Communicator comm, GeoPoint[] places, PhysicsOptions options, int count, int first)
    {
        using ColumnModel columns = new(comm, places.AsSpan(first, count), options);
        for (int hour = 0; hour < 3; hour++)
            columns.Advance(3600 * hour, 3600);
        return Flatten(columns.Columns);
    }

    private static double[] Flatten(ReadOnlySpan<Column> columns)
    {
        List<double> numbers = [];
        foreach (ref readonly Column column in columns)
            numbers.AddRange([column.SurfaceTemperature, column.OutgoingLongwave, column.AbsorbedShortwave, column.MeanTemperature,
                .. ((ReadOnlySpan<double>)column.Temperatures)[..32]]);
        return [.. numbers];
    }

    private static GeoPoint[] Places(int count) => [.. Enumerable.Range(0, count).Select(i =>
        new GeoPoint(double.DegreesToRadians(-85 + 170.0 * ((i * 7 + 5) % 53) / 53 - 3.1), double.DegreesToRadians(4 * i)))];
}
