using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Data;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Streams;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Tests.Contracts;

/// <summary>What streams must be on every transport: windows and models with the bits of one rank alone, however rows are dealt.</summary>
public abstract class StreamContract
{
    private const int Rows = 2600;

    private static readonly BehaviourTable Visits = new() { Missing = 0.05, DriftAt = 1500 };

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    [Test]
    public void Windows_of_several_spans_are_those_of_a_plain_rescan([Sizes] int size, [Values(37, 500)] int arrives) => OnEveryRank(size, comm =>
    {
        WindowSpan[] spans = [new(10), new(100, 25), new(1000, 100)];
        StreamWindows windows = new(comm, spans, [0.25, 0.5]);
        List<WindowReport> reports = [];
        for (int begin = 0; begin < 1200; begin += arrives)
            reports.AddRange(windows.Take(Share(comm, begin, Math.Min(arrives, 1200 - begin))));

        DataParticle all = Visits.Rows(0, 1200);
        Assert.That(reports.Select(each => each.Span).Distinct(), Is.EquivalentTo(spans));
        Assert.That(reports, Has.Count.EqualTo(8 * (120 + 45 + 3)));
        foreach (WindowReport report in reports)
        {
            double[] column = new double[1200];
            all.Features.CopyColumn(((string[])[.. all.Columns]).IndexOf(report.Column), column);
            double[] sorted = [.. column[(int)(report.End - report.Span.Size)..(int)report.End].Where(x => !double.IsNaN(x)).Order()];
            double mean = sorted.Average();
            Assert.That((report.Moments.Count, report.Moments.Minimum, report.Moments.Maximum), Is.EqualTo(((long)sorted.Length, sorted[0], sorted[^1])));
            Assert.That(report.Moments.Mean, Is.EqualTo(mean).Within(1e-13 * sorted.Max(Math.Abs)));
            Assert.That(report.Moments.Variance, Is.EqualTo(sorted.Average(x => (x - mean) * (x - mean))).Within(1e-12 * sorted.Max(x => x * x)));
            double place = 0.25 * (sorted.Length - 1), low = sorted[(int)place], high = sorted[(int)place + 1];
            Assert.That(report.Quantiles[0], Is.EqualTo(low == high ? low : low + (place - (int)place) * (high - low)));
        }
    });

    [Test]
    public void Windows_have_the_same_bits_however_rows_are_dealt_and_come([Sizes] int size) => OnEveryRank(size, comm =>
    {
        WindowSpan[] spans = [new(50, 10), new(333)];
        using Communicator self = comm.Self();
        StreamWindows together = new(comm, spans, [0.9]), alone = new(self, spans, [0.9]);
        List<WindowReport> reports = [];
        for (int begin = 0; begin < 1000; begin += 250)
            reports.AddRange(together.Take(Share(comm, begin, 250)));

        Assert.That(Text(reports.OrderBy(Order)), Is.EqualTo(Text(alone.Take(Visits.Rows(0, 1000)).OrderBy(Order))).AsCollection);

        static string Order(WindowReport each) => FormattableString.Invariant($"{each.Span.Size:000} {each.End:0000} {each.Column}");
    });

    [Test]
    public void Windows_of_time_span_what_came_in_it([Sizes] int size) => OnEveryRank(size, comm =>
    {
        // A number every second for ten seconds, then nothing until second 1000.
        double[] seconds = [.. Enumerable.Range(0, 10), 1000, 1001];
        DataParticle all = new(["second", "x"], [.. Enumerable.Range(0, 12)], new DenseFeatures(2, [.. seconds.SelectMany(second => (double[])[second, 2 * second])]));
        int begin = 12 * comm.Rank / comm.Size, end = 12 * (comm.Rank + 1) / comm.Size;

        IReadOnlyList<WindowReport> reports = new StreamWindows(comm, [new(4, 2), new(500)], time: "second").Take(all.Slice(begin, end - begin));

        Assert.That(reports.Select(each => (each.Span.Size, each.End, each.Moments.Count, each.Moments.Mean)), Is.EqualTo(((double, double, long, double)[])
            [(4, 4, 4, 3), (4, 6, 4, 7), (4, 8, 4, 11), (4, 10, 4, 15), (4, 12, 2, 17), (500, 500, 10, 9)]).AsCollection);
    });

    [Test]
    public void Every_number_is_in_one_window_of_those_that_tumble([Sizes] int size, [Values(0.1, 0.3, 0.05)] double step) => OnEveryRank(size, comm =>
    {
        // Times and edges that no binary number is equal to; the last one only ends the window before it.
        double[] tenths = [.. Enumerable.Range(6, 600).Select(tenth => tenth / 10.0), 1000];
        DataParticle all = new(["time", "x"], [.. Enumerable.Range(0, tenths.Length)], new DenseFeatures(2, [.. tenths.SelectMany(time => (double[])[time, 1])]));
        int begin = tenths.Length * comm.Rank / comm.Size, end = tenths.Length * (comm.Rank + 1) / comm.Size;

        IReadOnlyList<WindowReport> reports = new StreamWindows(comm, [new(step)], time: "time").Take(all.Slice(begin, end - begin));

        Assert.That(reports.Sum(each => each.Moments.Count), Is.EqualTo(600));
        Assert.That(reports.Select(each => each.End), Is.Ordered.And.Unique);
    });

    [Test]
    public void Rows_out_of_order_are_told_on_every_rank([Sizes] int size) => OnEveryRank(size, comm =>
    {
        StreamWindows windows = new(comm, [new(10)]);
        windows.Take(Share(comm, 100, 50));
        Assert.That(Assert.Throws<SoraException>(() => windows.Take(Share(comm, 120, 50)))!.Message, Is.EqualTo("rank 0: 120 comes after 149; rows of a stream come in the order of their numbers, over ranks too"));
    });

    [Test]
    public void A_stream_is_learnt_with_the_same_bits_and_its_drift_found([Sizes] int size, [Values] bool byPage) => OnEveryRank(size, comm =>
    {
        using Communicator self = comm.Self();
        (WindowOutcome[] expected, float[] weights) = Learn(self, byPage);
        (WindowOutcome[] outcomes, float[] found) = Learn(comm, byPage);

        Assert.That(outcomes, Is.EqualTo(expected).AsCollection);
        Assert.That(found, Is.EqualTo(weights).AsCollection);
        Assert.That(outcomes.Where(each => each.StartedAnew).Select(each => each.Number), Is.EqualTo((int[])[1, 8]).AsCollection);        // window 8 begins at row 1400, behaviour changes at 1500
        Assert.That(outcomes[7].AlarmRow, Is.InRange(100, 199));
        Assert.That(outcomes[6].Accuracy - outcomes[7].Accuracy, Is.GreaterThan(0.1));
        Assert.That(outcomes[12].Accuracy, Is.GreaterThan(outcomes[7].Accuracy + 0.1));
    });

    private static (WindowOutcome[], float[]) Learn(Communicator comm, bool byPage)
    {
        OnlineOptions options = new() { Training = new() { Epochs = 2, Rate = new() { Base = 5e-3 }, MicroBatch = 4 } };
        using OnlineTraining<float> online = new(comm, new Pipeline(new FillMissing(Filling.Median), new Logarithm("visits", "seconds", "basket"), new OneHot(false, "device"), new Standardise()),
            columns => new(new Shape(columns), new SoraHpc.Learning.Blocks.Dense(2)), options, MatrixProducts<float>.Of(BlasLibrary.Load(new BlasOptions { Library = "managed", Threads = 1 })),
            byPage ? new PageHinkley(0.1, 15) : new Adwin(0.002));
        WindowOutcome[] outcomes = [.. Enumerable.Range(0, Rows / 200).Select(window => online.Take([Share(comm, 200 * window, 200)]))];
        return (outcomes, online.Network!.Values.ToArray());
    }

    private static DataParticle Share(Communicator comm, int begin, int count)
    {
        int first = count * comm.Rank / comm.Size, end = count * (comm.Rank + 1) / comm.Size;
        return Visits.Rows(begin + first, end - first);
    }

    private static IEnumerable<string> Text(IEnumerable<WindowReport> reports) => reports.Select(each => FormattableString.Invariant(
        $"{each.Column} {each.Span} {each.End} {each.Moments.Count} {each.Moments.Mean:R} {each.Moments.Variance:R} {each.Moments.Minimum:R} {each.Moments.Maximum:R} {each.Quantiles[0]:R}"));
}
