using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Mpi;
using SoraHpc.Tests.Storage;

namespace SoraHpc.Tests.Checkpoints;

/// <summary>A program that writes checkpoints is stopped at its first, second, third … call that changes the directory, or that call fails.</summary>
public sealed class CrashTests
{
    private const int Killed = 128 + 9, Written = 4, Values = 140_000;

    [Test]
    public void Stopped_at_any_write_call_or_without_power_a_good_checkpoint_is_left()
    {
        using TemporaryDirectory temporary = new();
        string states = temporary.File("states"), directory = temporary.File("checkpoints");
        Directory.CreateDirectory(states);
        Assert.That(Write(Compile(temporary), directory, killAt: 0, states), Is.Zero);
        int seen = 0;
        foreach (IGrouping<string, string> kind in Directory.GetDirectories(states).Order(StringComparer.Ordinal).GroupBy(path => path[(path.LastIndexOf('-') + 1)..]))
        {
            long last = 0;
            foreach (string state in kind)
            {
                long step = StepFound(state, Path.GetFileName(state));
                Assert.That(step, Is.InRange(last, last + 1), $"{Path.GetFileName(state)}: what was complete once stays");
                last = step;
                seen++;
            }
            Assert.That(last, Is.InRange(Written - 1, Written), kind.Key);
            TestContext.Out.WriteLine($"{kind.Key}: {kind.Count()} instants");
        }
        Assert.That(seen, Is.GreaterThan(200), "instants seen");
    }

    /// <summary>What a process really leaves that is killed is what the test above says it leaves.</summary>
    [Test]
    public void Really_killed_at_some_write_calls_a_good_checkpoint_is_left()
    {
        using TemporaryDirectory temporary = new();
        string shim = Compile(temporary);
        long[] found = new long[8];
        // Two at a time: most of a run is the program's start.
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            string directory = temporary.File($"killed-{i}");
            Assert.That(Write(shim, directory, killAt: 12 + 6 * i), Is.EqualTo(Killed));
            found[i] = StepFound(directory, $"killed at call {12 + 6 * i}");
        });
        Assert.That(found, Is.Ordered);
        Assert.That(found[^1], Is.GreaterThanOrEqualTo(2));
    }

    [Test]
    public void Any_call_may_fail_or_write_half_and_it_is_said_and_the_checkpoints_before_are_left()
    {
        using TemporaryDirectory temporary = new();
        (int exitCode, string output) = RunToEnd(Prepare(Compile(temporary), "checkpoint-failing", temporary.File("checkpoints")));
        TestContext.Out.WriteLine(output);
        Assert.That(exitCode, Is.Zero, output);
        // Half a write is completed by whoever wrote; anything else is refused, but for the removal of what is old.
        Assert.That(output, Does.Match(@"error 5: \d\d calls, [1-9]\d* refused").And.Match(@"error 28: \d\d calls, [1-9]\d* refused").And.Match(@"error 0: \d\d calls, 0 refused"));
    }

    /// <summary>The step of the newest good checkpoint, whose every number is looked at; 0 where there is none.</summary>
    private static long StepFound(string path, string what)
    {
        long step = 0;
        ThreadWorld.Run(1, comm =>
        {
            using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path);
            Assert.That(Directory.GetFiles(path, "*.partial"), Is.Empty, what);
            using CheckpointReader? reader = directory.OpenNewest("crash", 1);
            if (reader is null)
                return;
            step = reader.Header.Step;
            Assert.That(reader.Warning, Is.Null, what);
            double[] values = new double[Values];
            reader.ReadElements("values", values.Length, [new(0, values.Length)], values.AsMemory());
            for (int i = 0; i < values.Length; i++)
                if (values[i] != step + i * 0.5)
                    Assert.Fail($"{what}: value {i} is {values[i]}");
        });
        return step;
    }

    private static int Write(string shim, string directory, int killAt, string? states = null)
    {
        ProcessStartInfo start = Prepare(shim, "checkpoint", directory);
        start.Environment["SORA_CRASH_AT"] = $"{killAt}";
        if (states is not null)
            start.Environment["SORA_CRASH_STATES"] = states;
        (int exitCode, string output) = RunToEnd(start);
        Assert.That(exitCode, Is.AnyOf(0, Killed), output);
        return exitCode;
    }

    private static ProcessStartInfo Prepare(string shim, string verb, string directory)
    {
        ProcessStartInfo start = new(RankProgram.Executable(), [verb]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LD_PRELOAD"] = shim;
        start.Environment["SORA_CRASH_DIRECTORY"] = directory;
        return start;
    }

    private static (int ExitCode, string Output) RunToEnd(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result + error.Result);
    }

    private static string Compile(TemporaryDirectory temporary)
    {
        string source = Path.Combine(TestContext.CurrentContext.TestDirectory, "crash.c"), shim = temporary.File("crash.so");
        Independent.Run("/usr/bin/gcc", "-O1", "-shared", "-fPIC", "-o", shim, source, "-ldl");
        return shim;
    }
}
