using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Data;
using SoraHpc.Learning.Regression;
using SoraHpc.Learning.Training;

namespace SoraHpc.Tests.Contracts;

/// <summary>What data particles must be on every transport: the numbers of one rank alone, bit for bit, on any number of ranks, in core and out of it.</summary>
public abstract partial class DataContract
{
    private const int Rows = 203;

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    [Test]
    public void A_table_is_read_whole_in_any_layout_by_any_ranks([Sizes] int size, [Values] TableLayout layout, [Values(1, 1000, 1_000_000)] long limit) => OnEveryRank(size, comm =>
    {
        DataParticle made = Made(missing: layout == TableLayout.Sparse ? 0 : 0.1);
        WithFile(comm, made, layout, path =>
        {
            using DataTable table = DataTable.Open(comm, path, limit);
            DataParticle own = DataParticle.Merge([.. table]);
            double[] numbers = comm.Allgatherv<double>(own.Count > 0 ? own.Features.ToDense().Numbers : []), labels = comm.Allgatherv(own.Labels);
            Assert.That(table.Columns, Is.EqualTo(made.Columns).AsCollection);
            Assert.That(numbers, Is.EqualTo(made.Features.ToDense().Numbers.ToArray()).AsCollection);
            Assert.That(labels, Is.EqualTo(made.Labels.ToArray()).AsCollection);
            Assert.That(comm.Allgatherv(own.Rows), Is.EqualTo(made.Rows.ToArray()).AsCollection);
            Assert.That(table.IsOutOfCore, Is.EqualTo(limit < 5000));
            if (limit == 1000)
                Assert.That(table.All(particle => particle.Cost * 8 <= limit), Is.True);
        });
    });

    [Test]
    public void A_pipeline_has_the_same_bits_on_any_ranks_in_and_out_of_core([Sizes] int size, [Values(700, 1_000_000)] long limit) => OnEveryRank(size, comm =>
    {
        Pipeline pipeline = new(new FillMissing(Filling.Median, 0, "visits", "device", "basket"), new FillMissing(Filling.Mean), new Logarithm("visits", "seconds", "basket"),
            new OneHot(false, "device"), new Standardise(true, "visits", "seconds", "x0"), new ScaleToRange("x1"));
        DataParticle made = Made(missing: 0.1);
        using Communicator alone = comm.Self();
        FittedPipeline expected = pipeline.Fit(alone, [made]);
        WithFile(comm, made, TableLayout.Matrix, path =>
        {
            using DataTable table = DataTable.Open(comm, path, limit);

            FittedPipeline fitted = pipeline.Fit(comm, table);

            Assert.That(fitted.Identity, Is.EqualTo(expected.Identity));
            DataParticle own = DataParticle.Merge([.. fitted.Transform(table)]);
            Assert.That(comm.Allgatherv<double>(own.Count > 0 ? own.Features.ToDense().Numbers : []), Is.EqualTo(expected.Transform(made).Features.ToDense().Numbers.ToArray()).AsCollection);
        });
    });

    [Test]
    public void Iris_has_the_statistics_of_numpy([Sizes] int size) => OnEveryRank(size, comm =>
    {
        DataParticle[] own = Share(comm, IrisTable.Whole);
        ColumnStatistics statistics = ColumnStatistics.Of(comm, own);

        // Source: numpy 1.24 var, median, quantile; means by math.fsum.
        Assert.That(statistics.Means, Is.EqualTo((double[])[5.961111111111111, 3.088888888888889, 3.938888888888889, 1.25]).AsCollection);
        Assert.That(statistics.Variances, Is.EqualTo((double[])[0.766820987654321, 0.12098765432098764, 3.476820987654321, 0.6158333333333335]).Within(1e-15));
        Assert.That(ColumnStatistics.Medians(comm, own), Is.EqualTo((double[])[6.05, 3.05, 4.55, 1.45]).Within(1e-15));
        Assert.That(ColumnStatistics.Quantiles(comm, own, 0.1)[0], Is.EqualTo(4.84).Within(1e-15));
        Assert.That(ColumnStatistics.Quantiles(comm, own, 0.25)[0], Is.EqualTo(5.175).Within(1e-15));
        Assert.That(statistics.Maxima, Is.EqualTo((double[])[7.6, 3.9, 6.6, 2.5]).AsCollection);
    });

    [Test]
    public void Rows_are_split_the_same_on_any_ranks_in_exact_sizes([Sizes] int size, [Values] bool stratified) => OnEveryRank(size, comm =>
    {
        DataParticle made = Made(missing: 0);
        using Communicator alone = comm.Self();
        RowSplit expected = RowSplit.TrainAndTest(alone, [made], 0.25, 7, stratified), split = RowSplit.TrainAndTest(comm, Share(comm, made), 0.25, 7, stratified);
        DataParticle test = DataParticle.Merge([.. split.Select(Share(comm, made), 1)]);

        Assert.That(comm.Allgatherv(test.Rows), Is.EqualTo(DataParticle.Merge([.. expected.Select([made], 1)]).Rows.ToArray()).AsCollection);
        long Of(ReadOnlySpan<double> labels, double label) => comm.Allreduce((long)labels.ToArray().Count(each => each == label), ReduceOperation.Sum);
        if (!stratified)
            Assert.That(comm.Allreduce(test.Count, ReduceOperation.Sum), Is.EqualTo(Rows - (int)Math.Round(0.75 * Rows)));
        else
            foreach (double label in (double[])[0, 1])
                Assert.That(Of(test.Labels, label), Is.EqualTo(made.Labels.ToArray().Count(each => each == label) is var all ? all - (long)Math.Round(0.75 * all, MidpointRounding.AwayFromZero) : 0));
        RowSplit folds = RowSplit.Folds(comm, Share(comm, made), 5, 7, stratified);
        int[] sizes = [.. Enumerable.Range(0, 5).Select(fold => comm.Allreduce(folds.Select(Share(comm, made), fold).Sum(part => part.Count), ReduceOperation.Sum))];
        Assert.That(sizes.Sum(), Is.EqualTo(Rows));
        Assert.That(sizes.Max() - sizes.Min(), Is.LessThanOrEqualTo(stratified ? 2 : 1));
    });

    [Test]
    public void Rows_left_after_cleaning_train_with_the_same_bits([Sizes] int size) => OnEveryRank(size, comm =>
    {
        DataParticle made = Made(missing: 0.02);
        using Communicator alone = comm.Self();
        double[] Fit(Communicator ranks, DataParticle[] own)
        {
            FittedPipeline pipeline = new Pipeline(new DropMissing(), new Logarithm("visits", "seconds", "basket"), new Standardise()).Fit(ranks, own);
            SampleTable<double> samples = ParticleSamples.Deal<double>(ranks, pipeline.Transform(own));
            return LogisticRegression.Fit(ranks, samples, penalty: 0.1).Coefficients;
        }

        Assert.That(Fit(comm, Share(comm, made)), Is.EqualTo(Fit(alone, [made])).AsCollection);
    });

    [Test]
    public void Components_of_iris_are_those_of_numpy([Sizes] int size, [Values("products", "triangles", "random")] string way) => OnEveryRank(size, comm =>
    {
        PrincipalComponents found = Components(comm, Share(comm, IrisTable.Whole), way, 3, 18);

        // Source: numpy 1.24, linalg.svd of the centred table.
        Assert.That(found.SingularValues, Is.EqualTo((double[])[9.20905859304579, 1.864574312288812, 1.1020116457383748]).Within(1e-12));
        DataParticle scores = found.Project(IrisTable.Whole);
        double[] first = new double[18];
        scores.Features.CopyColumn(0, first);
        Assert.That(Math.Sqrt(first.Sum(value => value * value)), Is.EqualTo(9.20905859304579).Within(1e-12));
    });

    [Test]
    public void Components_have_the_same_bits_and_agree_with_a_plain_decomposition([Sizes] int size, [Values("products", "triangles", "random")] string way, [Values(1, 40)] int pieces) => OnEveryRank(size, comm =>
    {
        DataParticle made = Made(missing: 0), logs = new Pipeline(new Logarithm("visits", "seconds", "basket")).Fit(Alone(comm), [made]).Transform(made);
        DataParticle[] own = [.. Share(comm, logs).SelectMany(particle => DataParticle.Resize([particle], Math.Max(1, particle.Cost / pieces)))];
        PrincipalComponents found = Components(comm, own, way, 4, Rows), expected = Components(Alone(comm), [logs], way, 4, Rows);

        Assert.That(found.SingularValues, Is.EqualTo(expected.SingularValues).AsCollection);
        Assert.That(found.Directions.SelectMany(each => each), Is.EqualTo(expected.Directions.SelectMany(each => each)).AsCollection);
        var centred = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(Rows, 8, (i, j) => logs.Features.ToDense().Row(i)[j] - found.Mean[j]);
        var svd = centred.Svd();
        for (int k = 0; k < 4; k++)
        {
            Assert.That(found.SingularValues[k], Is.EqualTo(svd.S[k]).Within(1e-10 * svd.S[0]));
            double along = svd.VT.Row(k).ToArray().Zip(found.Directions[k], (a, b) => a * b).Sum();
            Assert.That(Math.Abs(along), Is.EqualTo(1).Within(1e-10));
        }
    });

    [Test]
    public void A_column_that_one_rank_has_not_is_named([Values(2, 3)] int size) => OnEveryRank(size, comm =>
    {
        DataParticle own = Share(comm, IrisTable.Whole)[0];
        if (comm.Rank == 1)
            own = own.With(IrisTable.Columns[..3], own.Features.SelectColumns([0, 1, 2]));
        SoraException wrong = Assert.Throws<SoraException>(() => new Pipeline(new Standardise()).Fit(comm, [own]))!;
        Assert.That(wrong.Message, Is.EqualTo("rank 1 has no column 'petal width', which rank 0 has"));
    });

    [Test]
    public void A_table_without_rows_is_refused_on_every_rank([Values(1, 2)] int size) => OnEveryRank(size, comm =>
        Assert.That(Assert.Throws<SoraException>(() => new Pipeline(new Standardise()).Fit(comm, [IrisTable.Whole.Slice(0, 0)]))!.Message, Does.Contain("no rows")));

    private static DataParticle Made(double missing) => new BehaviourTable { Missing = missing }.Rows(0, Rows);

    private static Communicator Alone(Communicator comm) => comm.Self();

    // Shares as a table would deal them.
    private static DataParticle[] Share(Communicator comm, DataParticle whole)
    {
        Strata strata = new(whole.Count, 12, 1);
        int[] owners = Trainer<double>.EvenOwners(12, comm.Size);
        int begin = (int)strata.Begin(owners.Count(owner => owner < comm.Rank)), end = (int)strata.Begin(owners.Count(owner => owner <= comm.Rank));
        return [whole.Slice(begin, end - begin)];
    }

    private static PrincipalComponents Components(Communicator comm, DataParticle[] own, string way, int components, int rows) => way switch
    {
        "products" => PrincipalComponents.ByGram(comm, own, components),
        "triangles" => PrincipalComponents.ByTriangles(comm, own, new Strata(rows, 12, 1), components),
        _ => PrincipalComponents.ByRandomStart(comm, own, new Strata(rows, 12, 1), components),
    };

    private static void WithFile(Communicator comm, DataParticle table, TableLayout layout, Action<string> use)
    {
        using SharedFolder folder = new(comm);
        folder.ByRoot(() => TableFile.Write(folder.File("table.h5"), table, layout));
        use(folder.File("table.h5"));
    }
}
