using System.Text.Json;
using NUnit.Framework;
using SoraHpc.Cli.Report;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Report;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Tracing;

public sealed class TraceFileTests : FolderTests
{
    [Test]
    public void Trace_that_was_written_and_read_is_the_same([Values(1, 3)] int ranks)
    {
        RunTrace trace = MadeUpTrace.Of(ranks, spans: 50);
        string path = In("t.json");
        using (FileStream file = File.Create(path))
            TraceFile.Write(trace, file);

        Assert.That(TraceCodec.Write(TraceFile.Read(path)), Is.EqualTo(TraceCodec.Write(trace)));
        Assert.That(HtmlReport.Render(TraceFile.Read(path)), Is.EqualTo(HtmlReport.Render(trace)));
    }

    [Test]
    public void File_is_in_the_trace_event_format()
    {
        RunTrace trace = MadeUpTrace.Of(2, spans: 10);
        using var bytes = new MemoryStream();
        TraceFile.Write(trace, bytes);
        using JsonDocument json = JsonDocument.Parse(bytes.ToArray());

        JsonElement[] spans = [.. json.RootElement.GetProperty("traceEvents").EnumerateArray().Where(e => e.GetProperty("ph").GetString() == "X")];

        Assert.That(spans, Has.Length.EqualTo(20));
        TraceEvent first = trace.Ranks[0].Spans[0];
        Assert.That(spans[0].GetProperty("ts").GetDouble(), Is.EqualTo(first.Begin * 1e-3));
        Assert.That(spans[0].GetProperty("dur").GetDouble(), Is.EqualTo(first.Length * 1e-3));
        Assert.That(spans[^1].GetProperty("tid").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void Damaged_trace_is_refused_and_nothing_else_happens()
    {
        byte[] whole = TraceCodec.Write(MadeUpTrace.Of(2, spans: 5));
        var random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = whole[..(i % 2 == 0 ? whole.Length : random.Next(whole.Length))];
            for (int k = random.Next(1, 4); k > 0 && damaged.Length > 0; k--)
                damaged[random.Next(Math.Min(damaged.Length, 400))] = (byte)random.Next(256);
            try
            {
                TraceCodec.ReadRun(damaged);
            }
            catch (SoraException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.GreaterThan(1000));
    }

    [TestCase("{}", "no member \"sora\"")]
    [TestCase("[1]", "no member \"sora\"")]
    [TestCase("not json", "not a trace")]
    [TestCase("{\"sora\": 5}", "not a trace")]
    [TestCase("{\"sora\": \"####\"}", "not a trace")]
    public void Other_file_is_refused_with_one_line(string text, string reason)
    {
        string path = In("other.json");
        File.WriteAllText(path, text);

        (int code, _, string error) = SoraCommandTests.Run(["report", path]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(error.Trim().Split('\n'), Has.Length.EqualTo(1).And.All.Contains(reason).And.All.Contains(path));
    }

    [TestCase("run.html", "run.html", null)]
    [TestCase("run.json", null, "run.json")]
    [TestCase("both", "both.html", "both.json")]
    public void Ending_of_the_name_says_what_is_written(string name, string? page, string? json)
    {
        TraceOutput output = TraceOutput.Of(In(name));

        Assert.That((Path.GetFileName(output.Page), Path.GetFileName(output.Json)), Is.EqualTo((page, json)));
    }

    [Test]
    public void Run_leaves_a_page_and_a_trace_that_makes_the_same_page()
    {
        string name = In("w");
        (int code, string output, string error) = SoraCommandTests.Run(["run", "weather", "--case", "2", "--elements", "2", "--hours", "6", "--output", In("w.h5"),
            "--ranks", "3", "--trace", name, "--progress", "none"]);
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain($"report: {name}.html").And.Contain($"trace: {name}.json").And.Contain("energy: "));

        (int again, _, _) = SoraCommandTests.Run(["report", $"{name}.json", "--output", $"{name}2.html"]);

        Assert.That(again, Is.Zero);
        Assert.That(File.ReadAllBytes($"{name}2.html"), Is.EqualTo(File.ReadAllBytes($"{name}.html")));
        RunTrace trace = TraceFile.Read($"{name}.json");
        Assert.That(trace.Ranks.Select(rank => rank.Steps).Distinct(), Has.Exactly(1).GreaterThan(5));
        Assert.That(trace.Ranks.Sum(rank => rank.SentBytes.Sum()), Is.Positive);
        Assert.That(trace.Imbalance, Is.Not.Empty);
    }

    [TestCase("/nowhere/t.html")]
    public void Trace_in_a_directory_that_is_not_there_is_refused_before_the_run(string name)
    {
        (int code, _, string error) = SoraCommandTests.Run(["run", "weather", "--case", "2", "--elements", "2", "--hours", "1", "--output", In("w.h5"), "--trace", name]);

        Assert.That((code, error.Contains("there is no directory /nowhere", StringComparison.Ordinal)), Is.EqualTo((2, true)), error);
    }
}
