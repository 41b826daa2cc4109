using System.Runtime.InteropServices;
using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Communication;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Resilience;

/// <summary>Runs on ranks that are threads, some of which are broken off.</summary>
internal static class Stopped
{
    private sealed class Failure : Exception;

    private sealed class FailAfter(long step) : IRunObserver
    {
        public void AfterStep(long done, JobProgress progress, double imbalance)
        {
            if (done == step)
                throw new Failure();
        }

        public void Finished() { }
    }

    /// <summary>A run that fails after a step and leaves checkpoints, the newest of the last multiple of <paramref name="every"/> before it.</summary>
    internal static void Run(int ranks, string directory, long every, long failAfter, Action<Communicator, SoraOptions> job) =>
        Run(ranks, failAfter, new() { Directory = directory, Interval = CheckpointInterval.EverySteps(every), InBackground = false }, job);

    /// <summary>A run that fails after a step.</summary>
    internal static void Run(int ranks, long failAfter, CheckpointOptions checkpoints, Action<Communicator, SoraOptions> job) =>
        Assert.Throws<Failure>(() => ThreadWorld.Run(ranks, world => job(world, new()
        {
            Observer = world.IsRoot ? new FailAfter(failAfter) : null,
            Checkpoints = checkpoints,
        })));

    /// <summary>All numbers of a file, bit by bit. Not the file's own bytes: HDF5 writes into them when a dataset was made.</summary>
    internal static byte[] Numbers(string path)
    {
        using Hdf5File file = Hdf5File.Open(path);
        return [.. file.DatasetNames.Order().SelectMany(name => MemoryMarshal.AsBytes<double>(file.Dataset(name).Read<double>()).ToArray())];
    }

    /// <summary>A run that goes on from a copy of the checkpoints.</summary>
    internal static RunResult GoOn(int ranks, string directory, Func<Communicator, SoraOptions, RunResult> job)
    {
        string copy = directory + "-copy";
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(directory, "checkpoint*"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        RunResult result = OnThreads.RootOf(ranks, world =>
            job(world, new() { Checkpoints = new() { Directory = copy, Restart = true, Interval = CheckpointInterval.EverySteps(1_000_000) } }));
        Assert.That(Directory.GetFiles(copy, "checkpoint*"), Is.Empty, "a run that ends well leaves no checkpoints");
        Directory.Delete(copy, recursive: true);
        return result;
    }
}
