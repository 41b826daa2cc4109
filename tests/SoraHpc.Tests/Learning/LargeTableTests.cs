using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.Training;
using SoraHpc.Learning.Data;
using SoraHpc.Runtime;
using SoraHpc.Tests.Cli;
using static SoraHpc.Tests.Learning.SinglePrecision;

namespace SoraHpc.Tests.Learning;

public sealed class LargeTableTests : FolderTests
{
    [Test]
    public void A_table_has_the_same_bits_on_any_ranks_within_any_memory([Values] TableLayout layout)
    {
        TableFile.Write(In("t.h5"), new BehaviourTable { Missing = layout == TableLayout.Sparse ? 0 : 0.05 }.Rows(0, 3000), layout);
        LargeTableOptions options = new() { Data = In("t.h5"), Library = "managed", Output = In("m.h5") };
        options = options with { Training = options.Training with { ChunkBatches = 4, Epochs = 2 } };
        List<(float[] Values, IReadOnlyDictionary<string, double> Found)> results = [];
        for (int ranks = 1; ranks <= 4; ranks++)
            foreach (long limit in (long[])[100_000, long.MaxValue])
                ThreadWorld.Run(ranks, world =>
                {
                    RunResult result = LargeTableJob.Run(world, options with { MemoryLimit = limit });
                    if (world.IsRoot)
                        results.Add((ValuesOf(In("m.h5")), result.Observables));
                });

        Assert.That(results.Select(each => each.Values), Is.All.EqualTo(results[0].Values).AsCollection);
        Assert.That(results.Select(each => each.Found), Is.All.EqualTo(results[0].Found));
    }

    // What the program takes beside its data is what it takes with a small table.
    [Test]
    public void A_table_four_times_the_memory_limit_is_learnt_within_it_with_the_weights_of_one_in_memory()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("peak resident memory is read from /proc");
        const int LimitMegabytes = 8;
        BehaviourTable table = new() { Columns = 24 };
        TableFile.Write(In("small.h5"), table.Rows(0, 2000));
        TableFile.Write(In("large.h5"), table.Rows(0, 170_000));
        Assert.That(new FileInfo(In("large.h5")).Length, Is.GreaterThan(4 * LimitMegabytes * 1_000_000L));

        double without = PeakMegabytes("small.h5", "small-model.h5", LimitMegabytes), with = PeakMegabytes("large.h5", "streamed.h5", LimitMegabytes);
        TestContext.Out.WriteLine(FormattableString.Invariant($"peak resident memory {without:0.0} MB with a small table, {with:0.0} MB with the large one"));
        Assert.That(with - without, Is.LessThan(LimitMegabytes));

        LargeTableOptions options = new() { Data = In("large.h5"), IsLinear = true, Output = In("kept.h5") };
        ThreadWorld.Run(2, world => LargeTableJob.Run(world, options with { Training = options.Training with { Epochs = 1 } }));
        Assert.That(ValuesOf(In("streamed.h5")), Is.EqualTo(ValuesOf(In("kept.h5"))).AsCollection);
    }

    [TestCase("--memory-limit 1000", 2, "12 chunks of 250 rows take 108000 B, and 500 B are allowed: allow more, or take smaller chunks")]
    [TestCase("--memory-limit 64Mb", 2, "--memory-limit takes a number of bytes such as 64MB, not '64Mb'")]
    [TestCase("--strata 800", 2, "of 3750 rows 750 are to be judged by, and they cannot be dealt into 800 strata")]
    [TestCase("--curve c.svg", 2, "--curve means nothing for a table that may be larger than memory: leave it away")]
    public void What_cannot_be_is_told_in_one_line(string words, int expectedCode, string expected)
    {
        TableFile.Write(In("t.h5"), new BehaviourTable().Rows(0, 3750));
        (int code, _, string error) = SoraCommandTests.Run(["run", "training", "--data", In("t.h5"), "--ranks", "1", .. words.Split(' ')]);

        Assert.That(error, Does.Match("^sora: [^\n]*\n$").And.Contain(expected));
        Assert.That(code, Is.EqualTo(expectedCode));
    }

    [Test]
    public void Labels_that_are_no_classes_are_told_in_one_line([Values(0, 1)] int kind)
    {
        DataParticle made = new BehaviourTable().Rows(0, 500);
        TableFile.Write(In("t.h5"), made.WithLabels(kind == 0 ? [.. made.Labels.ToArray().Select(_ => 0.0)] : [.. made.Labels.ToArray().Select((label, row) => row == 77 ? 0.5 : label)]));
        (int code, _, string error) = SoraCommandTests.Run(["run", "training", "--data", In("t.h5"), "--ranks", "1"]);

        Assert.That(error, Does.Match("^sora: [^\n]*\n$").And.Contain(kind == 0 ? "dataset label: the largest is 0; labels are whole numbers from 0" : "sample 77: 0.5 is no label; labels are whole numbers from 0 to 1"));
        Assert.That(code, Is.EqualTo(1));
    }

    private double PeakMegabytes(string data, string model, int limit)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(TestContext.CurrentContext.TestDirectory, "sora.dll"), "run", "training", "--data", In(data), "--model", "linear",
            "--epochs", "1", "--memory-limit", $"{limit}MB", "--ranks", "1", "--output", In(model)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        double peak = 0;
        while (!process.WaitForExit(5))
            try
            {
                if (File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line)
                    peak = Math.Max(peak, double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 / 1e6);
            }
            catch (IOException)
            {
                break;          // it has just ended
            }
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, error.Result + output.Result);
        return peak;
    }
}
