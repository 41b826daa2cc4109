using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace SoraHpc.Tests.Resilience;

/// <summary>
/// Runs of one command, in each of which one random rank is killed at a random moment between the ranks' start and the end of an undisturbed run: what
/// became of them, and how long it took.
/// </summary>
internal sealed partial class DeathExperiment(string name, string folder, string[] words, int ranks, Func<ToolEnd, byte[]> result)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly List<double> detection = [], recovery = [], lost = [];
    private int kills, right, survived, startedAgain, afterTheWork, ended, hung;
    private double undisturbed;

    private const string Head =
        "| run | undisturbed | kills | right bits | went on | started again | work was done | ended with a line | hung | detection | recovery | work lost |\n|---|---|---|---|---|---|---|---|---|---|---|---|";

    // Seconds are least, median and largest.
    private string Row => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {undisturbed:0.0} s | {kills} | {right} | {survived} | {startedAgain} | {afterTheWork} | {ended} | {hung} | {Three(detection)} | {Three(recovery)} | {Three(lost)} |");

    /// <summary>One table of several, where there are any.</summary>
    internal static void Print(IReadOnlyCollection<DeathExperiment> experiments)
    {
        if (experiments.Count > 0)
            TestContext.Progress.WriteLine($"{Head}\n{string.Join('\n', experiments.Select(one => one.Row))}");
    }

    /// <summary>Fails at the first wrong number, and at the end when a run hung.</summary>
    internal void Run(int count, int seed)
    {
        byte[] expected = MeasureUndisturbed(out double start);
        Random random = new(seed);
        while (kills < count)
        {
            using WatchedTool tool = WatchedTool.Start(folder, words);
            bool running = tool.HasStarted(ranks);
            if (running)
                Thread.Sleep((int)(1000 * (undisturbed - start) * random.NextDouble()));
            long? killed = running ? tool.Kill(random) : null;
            ToolEnd end = tool.Wait(Limit);
            if (killed is { } at)
                Count(end, at, tool.Begun, expected);
        }
        TestContext.Out.WriteLine(Row);         // should somebody lose patience with those that follow
        Assert.That(hung, Is.Zero, Row);
    }

    /// <summary>A result that is one number, which is published.</summary>
    internal static byte[] NodesOfT1L(ToolEnd end)
    {
        Assert.That(end.Output, Does.Contain("nodes         102181082\n"), end.Error);
        return [];
    }

    // The second time, when files are in the system's memory as they are for all that follow.
    private byte[] MeasureUndisturbed(out double start)
    {
        byte[] numbers = [];
        start = 0;
        for (int turn = 0; turn < 2; turn++)
        {
            using WatchedTool tool = WatchedTool.Start(folder, words);
            _ = tool.HasStarted(ranks);
            start = Stopwatch.GetElapsedTime(tool.Begun).TotalSeconds;
            ToolEnd end = tool.Wait(Limit);
            undisturbed = Stopwatch.GetElapsedTime(tool.Begun, end.Ended).TotalSeconds;
            Assume.That(end.Code, Is.Zero, end.Error);
            numbers = result(end);
        }
        return numbers;
    }

    private void Count(ToolEnd end, long killed, long begun, byte[] expected)
    {
        kills++;
        if (end.Code is null)
        {
            hung++;
            TestContext.Out.WriteLine($"{name}: kill {kills} hung\n{end.Error}");
            return;
        }
        if (end.Code != 0)
        {
            ended++;
            Assert.That(end.Complaints, Is.Not.Empty, $"{name}: kill {kills} ended without a word, exit code {end.Code}\n{end.Error}\n{end.Output}");
            TestContext.Out.WriteLine($"{name}: kill {kills} ended: {end.Complaints[0].Line}");
            return;
        }
        Assert.That(result(end).AsSpan().SequenceEqual(expected), Is.True, $"{name}: kill {kills}\n{end.Error}\n{end.Output}");
        right++;
        double more = Stopwatch.GetElapsedTime(begun, end.Ended).TotalSeconds - undisturbed;
        if (end.Complaints.FirstOrDefault(told => FailedLine().IsMatch(told.Line)) is { Line: not null } failed)
        {
            startedAgain++;
            double told = Stopwatch.GetElapsedTime(killed, failed.At).TotalSeconds, gone = Number(FailedLine().Match(failed.Line));
            Add(told, Math.Max(0, more - gone), gone);      // what is called lost goes on to the moment it was told
        }
        else if (end.Complaints.FirstOrDefault(told => RecoveredLine().IsMatch(told.Line)) is { Line: not null } recovered)
        {
            survived++;
            double took = Number(RecoveredLine().Match(recovered.Line));
            // Ranks that have met and not begun the run lose nothing of it, and nothing is said.
            double gone = LostLine().Match(end.Output) is { Success: true } line ? Number(line) : 0;
            Add(Math.Max(0, Stopwatch.GetElapsedTime(killed, recovered.At).TotalSeconds - took), took, gone);
        }
        else
            afterTheWork++;
    }

    private void Add(double detected, double recovered, double gone)
    {
        detection.Add(detected);
        recovery.Add(recovered);
        lost.Add(gone);
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private static string Three(List<double> seconds) => seconds.Count == 0 ? "–"
        : string.Create(CultureInfo.InvariantCulture, $"{seconds.Min():0.00} {seconds.Order().ElementAt(seconds.Count / 2):0.00} {seconds.Max():0.00} s");

    [GeneratedRegex("^sora: rank.* died; .*recovered in ([0-9.]+) s")]
    private static partial Regex RecoveredLine();

    [GeneratedRegex("^sora: the run failed after .*; ([0-9.]+) s of work lost; restart")]
    private static partial Regex FailedLine();

    [GeneratedRegex("([0-9.]+) s of work lost with the ranks that died")]
    private static partial Regex LostLine();
}
