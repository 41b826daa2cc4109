using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Data;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Learning.Data;

public sealed class DataParticleTests
{
    [Test]
    public void Split_and_merged_it_is_the_same([Range(0, 18)] int row, [Values] bool sparse)
    {
        DataParticle whole = sparse ? IrisTable.Whole.With(IrisTable.Columns, IrisTable.Whole.Features.ToDense().ToSparse()) : IrisTable.Whole;
        (DataParticle before, DataParticle after) = whole.Split(row);

        Assert.That(before.Count, Is.EqualTo(row));
        Assert.That(DataParticle.Merge([before, after]).Identity, Is.EqualTo(whole.Identity));
    }

    [Test]
    public void Resized_it_has_particles_of_about_one_cost([Values(1, 4, 9, 30, 1000)] long cost)
    {
        IReadOnlyList<DataParticle> resized = DataParticle.Resize([.. Enumerable.Range(0, 9).Select(i => IrisTable.Whole.Slice(2 * i, 2))], cost);

        Assert.That(DataParticle.Merge(resized).Identity, Is.EqualTo(IrisTable.Whole.Identity));
        foreach (DataParticle particle in resized.SkipLast(1))
            Assert.That(Math.Abs(particle.Cost - cost), Is.LessThan(4).Or.LessThanOrEqualTo(4 - cost));
    }

    [Test]
    public void Identity_changes_with_any_part()
    {
        DataParticle one = IrisTable.Whole;
        double[] other = [.. IrisTable.Numbers];
        other[^1] = Math.BitIncrement(other[^1]);
        UInt128[] identities =
        [
            one.Identity, IrisTable.Of(other).Identity, one.WithLabels([]).Identity, one.With(["a", "b", "c", "d"], one.Features).Identity, one.Slice(0, 17).Identity,
            new DataParticle(one.Columns, [.. Enumerable.Range(1, 18)], one.Features, one.Labels.ToArray()).Identity, one.With(one.Columns, one.Features.ToDense().ToSparse()).Identity,
        ];

        Assert.That(identities.Distinct().Count(), Is.EqualTo(identities.Length));
        Assert.That(IrisTable.Of([.. IrisTable.Numbers]).Identity, Is.EqualTo(one.Identity));
    }

    [Test]
    public void Sparse_and_dense_features_are_the_same_numbers()
    {
        double[] numbers = [0, 1, 0, 2, 0, 0, 0, 3, 4];
        DenseFeatures dense = new(3, numbers);
        SparseFeatures sparse = dense.ToSparse();

        Assert.That(sparse.Stored, Is.EqualTo(4));
        Assert.That(sparse.ToDense().Numbers.ToArray(), Is.EqualTo(numbers).AsCollection);
        Assert.That(sparse.SelectColumns([2, 0]).ToDense().Numbers.ToArray(), Is.EqualTo(dense.SelectColumns([2, 0]).ToDense().Numbers.ToArray()).AsCollection);
        Assert.That(sparse.SelectRows([2, 0]).ToDense().Numbers.ToArray(), Is.EqualTo(dense.SelectRows([2, 0]).ToDense().Numbers.ToArray()).AsCollection);
        double[] column = new double[3];
        sparse.CopyColumn(1, column);
        Assert.That(column, Is.EqualTo((double[])[1, 0, 3]).AsCollection);
    }

    [Test]
    public void Logarithm_is_right_where_one_swallows_the_number()
    {
        // Source: CPython 3.11, math.log1p.
        foreach ((double x, double expected) in ((double, double)[])[(1e-10, 9.999999999500001e-11), (1e-17, 1e-17), (0.5, 0.4054651081081644), (100, 4.61512051684126), (-0.5, -0.6931471805599453), (0, 0)])
            Assert.That(Logarithm.OfOneAnd(x), Is.EqualTo(expected).Within(4e-16 * Math.Abs(expected)));
    }

    [Test]
    public void Hidden_numbers_are_those_of_hmac() =>
        // Source: CPython 3.11, hmac.new(b'0123456789abcdef', b'user\0' + struct.pack('<d', 42.0), sha256), the first 53 bits.
        Assert.That(Deidentify.Hide("0123456789abcdef"u8.ToArray(), "user", 42), Is.EqualTo(7227451613100371.0));

    [Test]
    public void One_hot_gives_a_column_for_each_category_and_zeros_for_others([Values] bool sparse)
    {
        DataParticle table = new(["kind", "x"], [0, 1, 2], new DenseFeatures(2, [3, 0.5, 1, 0, 3, 2]));
        FittedPipeline pipeline = Fit(table, new OneHot(sparse, "kind"));
        DataParticle encoded = pipeline.Transform(table), other = pipeline.Transform(table.With(table.Columns, new DenseFeatures(2, [7, 1, 1, 1, 3, 1])));

        Assert.That(encoded.Columns, Is.EqualTo((string[])["x", "kind=1", "kind=3"]).AsCollection);
        Assert.That(encoded.Features.ToDense().Numbers.ToArray(), Is.EqualTo((double[])[0.5, 0, 1, 0, 1, 0, 2, 0, 1]).AsCollection);
        Assert.That(other.Features.ToDense().Row(0).ToArray(), Is.EqualTo((double[])[1, 0, 0]).AsCollection);
    }

    [Test]
    public void Hashing_keeps_numbers_that_stay_and_puts_one_of_every_category()
    {
        DataParticle table = new(["user", "x"], [.. Enumerable.Range(0, 100)], new DenseFeatures(2, [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? i : 0.25)]));
        DenseFeatures hashed = Fit(table, new Hashing(16, "user")).Transform(table).Features.ToDense();

        for (int row = 0; row < 100; row++)
        {
            Assert.That(hashed.Row(row)[0], Is.EqualTo(0.25));
            Assert.That(hashed.Row(row)[1..].ToArray().Sum(Math.Abs), Is.EqualTo(1));
        }
        Assert.That(Enumerable.Range(1, 16).All(bucket => Enumerable.Range(0, 100).Any(row => hashed.Row(row)[bucket] != 0)), Is.True);
    }

    [Test]
    public void Cache_gives_what_is_computed_and_forgets_when_either_side_changes()
    {
        TransformCache cache = new(1_000_000);
        FittedPipeline pipeline = Fit(IrisTable.Whole, new Standardise()), other = Fit(IrisTable.Whole.Slice(0, 9), new Standardise());
        double[] changed = [.. IrisTable.Numbers];
        changed[0] = 9;

        DataParticle first = cache.Get(pipeline, IrisTable.Whole), again = cache.Get(pipeline, IrisTable.Of([.. IrisTable.Numbers]));
        Assert.That(again, Is.SameAs(first));
        Assert.That(cache.Get(other, IrisTable.Whole).Identity, Is.EqualTo(other.Transform(IrisTable.Whole).Identity));
        Assert.That(cache.Get(pipeline, IrisTable.Of(changed)).Identity, Is.Not.EqualTo(first.Identity));
        Assert.That((cache.Hits, cache.Misses), Is.EqualTo((1, 3)));
        TransformCache small = new(1500);
        small.Get(pipeline, IrisTable.Whole);
        small.Get(other, IrisTable.Whole);
        small.Get(pipeline, IrisTable.Whole);
        Assert.That((small.Hits, small.Misses), Is.EqualTo((0, 3)));
    }

    [Test]
    public void Fused_groups_stand_side_by_side()
    {
        DataParticle fused = Fusion.Concatenate(("a", IrisTable.Whole), ("b", IrisTable.Whole.With(["x"], IrisTable.Whole.Features.SelectColumns([2]))));
        Assert.That(fused.Columns, Is.EqualTo((string[])["a.sepal length", "a.sepal width", "a.petal length", "a.petal width", "b.x"]).AsCollection);
        Assert.That(fused.Features.ToDense().Row(17).ToArray(), Is.EqualTo((double[])[7.6, 3.0, 6.6, 2.1, 6.6]).AsCollection);
        Assert.That(Fusion.Scores([[1, 0], [0, 1]], [3, 1]), Is.EqualTo((double[])[0.75, 0.25]).AsCollection);
        Assert.That(Assert.Throws<SoraException>(() => Fusion.Concatenate(("a", IrisTable.Whole), ("b", IrisTable.Whole.Slice(0, 3))))!.Message, Does.StartWith("the features 'b' are not of the same rows as 'a'"));
    }

    [Test]
    public void Bad_input_is_told_in_one_line()
    {
        double[] gap = [.. IrisTable.Numbers];
        gap[5] = double.NaN;
        DataParticle table = IrisTable.Of(gap);
        Says(() => Fit(table, new Standardise()), "row 1, column 'sepal width': Standardise cannot take NaN; fill or drop missing numbers first");
        Says(() => Fit(table, new OneHot(false, "sepal width")), "row 1, column 'sepal width': NaN is no category");
        Says(() => Fit(table, new Standardise(true, "petals")), "there is no column 'petals'; there are sepal length, sepal width, petal length, petal width");
        Says(() => Fit(table, new DropColumns(IrisTable.Columns)), "all columns would be dropped");
        Says(() => Fit(IrisTable.Of([.. IrisTable.Numbers.Select(x => -x)]), new Logarithm()).Transform(IrisTable.Of([.. IrisTable.Numbers.Select(x => -x)])), "row 0, column 'sepal length': ln(1 + x) of -5.1");
        Says(() => Fit(IrisTable.Whole, new Standardise()).Transform(IrisTable.Whole.With(["a"], IrisTable.Whole.Features.SelectColumns([0]))), "column 'sepal length' is missing");
        Says(() => _ = new DataParticle(["a"], [0, 1], new DenseFeatures(1, [1, 2]), [0, double.NaN]), "row 1: NaN is no label");
        Says(() => _ = new DataParticle(["a"], [0, 1], new DenseFeatures(1, [1, 2]), null, [1, -1]), "row 1: a weight of -1");
        Says(() => _ = new DataParticle(["a"], [1, 1], new DenseFeatures(1, [1, 2])), "row 1 comes after row 1");
        Says(() => _ = new DataParticle(["a", "a"], [0], new DenseFeatures(2, [1, 2])), "there are 2 columns 'a'");
        Says(() => DataParticle.Resize([table], 0), "particles of cost 0");
        Says(() => _ = new Deidentify("short"u8, "a"), "a key of 5 B");
    }

    private static FittedPipeline Fit(DataParticle table, params Step[] steps)
    {
        FittedPipeline? fitted = null;
        ThreadWorld.Run(1, comm => fitted = new Pipeline(steps).Fit(comm, [table]));
        return fitted!;
    }

    private static void Says(TestDelegate wrong, string line)
    {
        Exception? told = Assert.Catch(wrong);
        while (told is not null and not SoraException)
            told = told.InnerException;
        Assert.That(told?.Message, Does.Contain(line).And.Not.Contain("\n"));
    }
}
