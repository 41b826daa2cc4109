using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Mpi;
using SoraHpc.Tests.Storage;

namespace SoraHpc.Tests.Checkpoints;

/// <summary>A program that writes a checkpoint is killed before its first, second, third … call that changes the directory.</summary>
public sealed class CrashTests
{
    private const int Killed = 128 + 9, MostCalls = 300;

    [Test]
    public void Killed_at_any_write_call_a_good_checkpoint_is_left()
    {
        using TemporaryDirectory temporary = new();
        string shim = Compile(temporary), before = temporary.File("before");
        Directory.CreateDirectory(before);
        for (int step = 1; step <= 2; step++)
            Assert.That(Write(shim, before, killAt: 0), Is.Zero, "an undisturbed run");
        int calls = 0, newer = 0, last = int.MaxValue;
        // Two at a time: most of a run is the program's start.
        Parallel.For(1, MostCalls, new ParallelOptions { MaxDegreeOfParallelism = 2 }, (call, loop) =>
        {
            if (call > Volatile.Read(ref last))
                return;
            string directory = temporary.File($"killed-{call}");
            CopyTo(before, directory);
            if (Write(shim, directory, call) == 0)
            {
                Volatile.Write(ref last, Math.Min(last, call));
                loop.Break();
                return;
            }
            Interlocked.Increment(ref calls);
            if (StepFound(directory, $"killed at call {call}") == 3)
                Interlocked.Increment(ref newer);
        });
        TestContext.Out.WriteLine($"killed at {calls} calls; the new checkpoint was complete after {newer} of them");
        Assert.That(calls, Is.GreaterThan(10), "calls seen");
        Assert.That(newer, Is.InRange(1, calls / 2), "kills after the rename");
    }

    /// <summary>The step of the newest good checkpoint, whose every number is looked at.</summary>
    private static long StepFound(string path, string what)
    {
        long step = 0;
        ThreadWorld.Run(1, comm =>
        {
            using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path);
            using CheckpointReader? reader = directory.OpenNewest("crash", 1);
            Assert.That(reader, Is.Not.Null, what);
            step = reader!.Header.Step;
            Assert.That(step, Is.InRange(2, 3), what);
            Assert.That(reader.Warning, Is.Null, what);
            Assert.That(Directory.GetFiles(path, "*.partial"), Is.Empty, what);
            double[] values = new double[300_000];
            reader.ReadElements("values", values.Length, [new(0, values.Length)], values.AsMemory());
            Assert.That(Array.FindIndex(values, value => value != values[0]), Is.EqualTo(1), what);
            for (int i = 0; i < values.Length; i++)
                if (values[i] != step + i * 0.5)
                    Assert.Fail($"{what}: value {i} is {values[i]}");
        });
        return step;
    }

    private static int Write(string shim, string directory, int killAt)
    {
        ProcessStartInfo start = new(RankProgram.Executable(), ["checkpoint"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LD_PRELOAD"] = shim;
        start.Environment["SORA_CRASH_DIRECTORY"] = directory;
        start.Environment["SORA_CRASH_AT"] = $"{killAt}";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.AnyOf(0, Killed), $"{output.Result} {error.Result}");
        return process.ExitCode;
    }

    private static void CopyTo(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static string Compile(TemporaryDirectory temporary)
    {
        string source = Path.Combine(TestContext.CurrentContext.TestDirectory, "crash.c"), shim = temporary.File("crash.so");
        Independent.Run("/usr/bin/gcc", "-O1", "-shared", "-fPIC", "-o", shim, source, "-ldl");
        return shim;
    }
}
