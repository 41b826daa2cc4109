using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.Training;
using SoraHpc.Learning.Streams;
using SoraHpc.Runtime;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Learning.Streams;

public sealed class StreamJobTests : FolderTests
{
    [Test]
    public void Drift_is_found_and_learnt_with_the_same_bits_on_any_number_of_ranks()
    {
        StreamOptions options = new() { Rows = 6000, Window = 500, DriftAt = 3200, Spans = [100, 1000], Library = "managed", Detector = () => new PageHinkley(0.1, 15) };
        List<RunResult> results = [];
        for (int ranks = 1; ranks <= 4; ranks++)
            ThreadWorld.Run(ranks, world =>
            {
                RunResult result = StreamJob.Run(world, options);
                if (world.IsRoot)
                    results.Add(result);
            });

        Assert.That(results.Select(result => result.Table), Is.All.EqualTo(results[0].Table));
        Assert.That(results.Select(result => result.Observables), Is.All.EqualTo(results[0].Observables));
        string[] lines = results[0].Table.Split('\n');
        Assert.That(lines[0], Is.EqualTo("  window  rows               accuracy     loss    last 100   last 1000"));
        Assert.That(lines.Where(line => line.Contains("alarm")), Has.Exactly(1).Items.And.All.Match("^ +7  3000–3499 .* alarm at row 3[23][0-9]{2}: starts anew with the last [0-9]{3} rows$"));
        Assert.That(results[0].Observables["alarms"], Is.EqualTo(1));
    }

    [Test]
    public void A_table_comes_as_a_stream_from_the_command_line()
    {
        string file = In("t.h5"), model = In("m.h5");
        SoraCommandTests.Run(["data", "table", "--rows", "1300", "--missing", "0.02", "--output", file]);

        (int code, string output, string error) = SoraCommandTests.Run(["run", "training", "--data", file, "--stream", "250", "--ranks", "2", "--output", model]);

        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("t.h5: 1300 rows as a stream, in windows of 250").And.Contain("       5  1000–1249"));
        Assert.That(File.Exists(model), Is.True);
    }

    [TestCase("--data behaviour --stream 1000 --images 500", "a stream of 500 rows has no window of 1000: take smaller windows")]
    [TestCase("--data behaviour --stream 12 --strata 20", "windows of 12 rows cannot be dealt into 20 strata")]
    [TestCase("--data digits --stream 100", "--stream goes with --data behaviour or a table FILE.h5, and not with digits")]
    [TestCase("--data digits --drift-at 100", "--drift-at means nothing for data that is no stream: leave it away")]
    [TestCase("--data digits --memory-limit 1MB", "--memory-limit means nothing for data that is no table: leave it away")]
    [TestCase("--data behaviour --stream 100 --windows 10,x", "--windows takes numbers of rows such as 100,1000, not '10,x'")]
    [TestCase("--data behaviour --stream 100 --checkpoint c", "a stream is learnt once, as it comes: no checkpoints are written of it")]
    [TestCase("--augment shift=2,trun=1", "--augment takes shift, turn, stretch, slant, noise, mix, not 'trun'")]
    [TestCase("--augment shift", "--augment: 'shift' is not like shift=2")]
    public void What_cannot_be_is_told_in_one_line(string words, string expected)
    {
        (int code, _, string error) = SoraCommandTests.Run(["run", "training", "--ranks", "2", .. words.Replace("--checkpoint c", $"--checkpoint {Folder}").Split(' ')]);

        Assert.That(error, Does.Match("^sora: [^\n]*\n$").And.Contain(expected));
        Assert.That(code, Is.EqualTo(2));
    }
}
