using SoraHpc.Communication;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.RankPrograms;

/// <summary>Goes on from the newest checkpoint of the directory in SORA_CRASH_DIRECTORY, if there is one, and writes the next.</summary>
internal static class CheckpointProgram
{
    private const long Values = 300_000;

    internal static void Run(Communicator comm)
    {
        using CheckpointDirectory directory = CheckpointDirectory.Open(comm, Environment.GetEnvironmentVariable("SORA_CRASH_DIRECTORY")!);
        long step;
        using (CheckpointReader? newest = directory.OpenNewest("crash", 1))
            step = 1 + (newest?.Header.Step ?? 0);
        (long begin, long end) = (Values * comm.Rank / comm.Size, Values * (comm.Rank + 1) / comm.Size);
        double[] values = [.. Enumerable.Range((int)begin, (int)(end - begin)).Select(i => step + i * 0.5)];
        using CheckpointWriter writer = directory.Begin(new("crash", 1, step, step));
        writer.AddElements<double>("values", Values, [new(begin, end - begin)], values);
        writer.AddShared<long>("random", [step]);
        writer.Start();
        writer.Complete();
        if (comm.IsRoot)
            Console.WriteLine($"step {step} is written");
    }
}
