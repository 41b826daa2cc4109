using NUnit.Framework;
using SoraHpc.Diagnostics;

namespace SoraHpc.Tests.Diagnostics;

public sealed class ProgressTests
{
    private readonly ManualClock clock = new();

    [TestCase(0.333, "step 7, 0.33/s")]
    [TestCase(1234.5, "step 7, 1234/s")]
    [TestCase(double.NaN, "step 7")]
    public void Steps_a_second_follow_the_step(double rate, string line) =>
        Assert.That(ProgressFormat.Line(new ProgressReport(7, double.NaN), null, rate: rate), Is.EqualTo(line));

    [Test]
    public void Progress_of_work_under_two_seconds_shows_nothing([Values] ProgressStyle style)
    {
        string shown = Run(style, seconds: 1.99, reportEvery: 0.01);

        Assert.That(shown, Is.Empty);
    }

    [Test]
    public void Line_of_ten_seconds_is_rewritten_at_most_five_times_a_second_and_ended_once()
    {
        string shown = Run(ProgressStyle.Line, seconds: 10, reportEvery: 0.01);

        Assert.Multiple(() =>
        {
            Assert.That(shown.Count(c => c == '\r'), Is.InRange(30, 41), "8 s at 5 a second");
            Assert.That(shown.Count(c => c == '\n'), Is.EqualTo(1));
            Assert.That(shown, Does.EndWith("\n"));
        });
    }

    [Test]
    public void Log_of_an_hour_grows_sparser()
    {
        string[] lines = Run(ProgressStyle.Log, seconds: 3600, reportEvery: 0.5).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.InRange(15, 40));
            Assert.That(lines, Has.All.Not.Contain("\r"));
            Assert.That(Progress.LogInterval(TimeSpan.FromSeconds(3)), Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(Progress.LogInterval(TimeSpan.FromHours(9)), Is.EqualTo(TimeSpan.FromMinutes(5)));
        });
    }

    [Test]
    public void Rewritten_line_that_gets_shorter_erases_the_longer_one()
    {
        var writer = new StringWriter();
        using var progress = new Progress(writer, ProgressStyle.Line, clock: clock);
        clock.Advance(3);
        progress.Report(new ProgressReport(1, double.NaN, "a long text"));
        clock.Advance(1);
        progress.Report(new ProgressReport(2, double.NaN, "short"));

        string[] lines = writer.ToString().Split('\r');

        Assert.That(lines[2], Has.Length.EqualTo(lines[1].Length));
    }

    [Test]
    public void Rewritten_line_never_reaches_the_last_column()
    {
        var writer = new StringWriter();
        using var progress = new Progress(writer, ProgressStyle.Line, width: 40, clock);
        clock.Advance(3);
        progress.Report(new ProgressReport(1, 0.5, new string('x', 200)));

        Assert.That(writer.ToString(), Has.Length.EqualTo(1 + 39));
    }

    [Test]
    public void Report_that_is_not_due_allocates_nothing()
    {
        using var progress = new Progress(TextWriter.Null, ProgressStyle.Line, clock: clock);
        var report = new ProgressReport(1, 0.5);
        progress.Report(report);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            progress.Report(report);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Time_left_counts_from_the_start_of_stepping()
    {
        var writer = new StringWriter();
        using var progress = new Progress(writer, ProgressStyle.Log, clock: clock);
        clock.Advance(100);                     // set-up
        progress.Start(0.5);                    // a restart in the middle
        clock.Advance(10);
        progress.Report(new ProgressReport(7, 0.6));

        Assert.That(writer.ToString().TrimEnd(), Is.EqualTo("step 7 · 60 % · 0:40 left"));
    }

    [Test]
    public void Line_with_everything_known_says_everything() => Assert.That(
        ProgressFormat.Line(new ProgressReport(120, 0.25, "06:00 of 24:00 h, 310 days/day", 1.044), TimeSpan.FromSeconds(42)),
        Is.EqualTo("step 120 · 25 % · 06:00 of 24:00 h, 310 days/day · λ max/mean 1.04 · 0:42 left"));

    [TestCase(0, "0:00")]
    [TestCase(59.6, "1:00")]
    [TestCase(3599, "59:59")]
    [TestCase(3600, "1:00:00")]
    [TestCase(100_000, "1 d 03:46")]
    public void Duration_is_written_as_people_do(double seconds, string text) =>
        Assert.That(ProgressFormat.Duration(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));

    [TestCase(0.0, 0.0)]
    [TestCase(0.5, 0.5)]
    [TestCase(double.NaN, 0.0)]
    public void Time_left_before_anything_was_done_is_unknown(double fraction, double from) =>
        Assert.That(ProgressFormat.TimeLeft(fraction, from, TimeSpan.FromSeconds(5)), Is.Null);

    private string Run(ProgressStyle style, double seconds, double reportEvery)
    {
        var writer = new StringWriter();
        using (var progress = new Progress(writer, style, clock: clock))
            for (double at = 0; at < seconds; at += reportEvery)
            {
                progress.Report(new ProgressReport((long)(at / reportEvery), at / seconds, "text"));
                clock.Advance(reportEvery);
            }
        return writer.ToString();
    }
}
