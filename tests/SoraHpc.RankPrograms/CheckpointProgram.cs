using System.Runtime.InteropServices;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.RankPrograms;

/// <summary>Goes on from the newest checkpoint of the directory in SORA_CRASH_DIRECTORY, if there is one, and writes the next few.</summary>
internal static unsafe class CheckpointProgram
{
    internal const long Values = 140_000;                      // two sections
    private const int Checkpoints = 4;                          // from the fourth on the file of an old one is written over

    internal static void Run(Communicator comm)
    {
        using CheckpointDirectory directory = CheckpointDirectory.Open(comm, Folder);
        long step = NewestStep(comm, directory);
        for (int i = 0; i < Checkpoints; i++)
            Write(comm, directory, ++step);
        if (comm.IsRoot)
            Console.WriteLine($"step {step} is written");
    }

    /// <summary>
    /// Under the preloaded library: the first, second, third … call of a checkpoint fails, until one comes that is not reached. Afterwards there has to be
    /// a good checkpoint, the new one if it was said to be complete.
    /// </summary>
    internal static void RunFailing(Communicator comm)
    {
        var fail = (delegate* unmanaged<long, int, int>)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "crash_fail");
        const int inputOutput = 5, noSpaceLeft = 28, half = 0;
        foreach (int error in (int[])[inputOutput, noSpaceLeft, half])
        {
            int refused = 0, call = 1;
            for (bool reached = true; reached; call++)
            {
                reached = Fails(comm, fail, call, error, out bool isRefused);
                refused += isRefused ? 1 : 0;
            }
            Console.WriteLine($"error {error}: {call - 2} calls, {refused} refused");
        }
    }

    private static string Folder => Environment.GetEnvironmentVariable("SORA_CRASH_DIRECTORY")!;

    private static bool Fails(Communicator comm, delegate* unmanaged<long, int, int> fail, int call, int error, out bool isRefused)
    {
        string path = Path.Combine(Folder, $"{error}-{call}");
        isRefused = false;
        bool reached;
        using (CheckpointDirectory directory = CheckpointDirectory.Open(comm, path))
        {
            for (int step = 1; step < Checkpoints; step++)
                Write(comm, directory, step);
            _ = fail(call, error);
            try
            {
                Write(comm, directory, Checkpoints);
            }
            catch (CheckpointException failure)
            {
                isRefused = true;
                if (failure.Message.Contains('\n') || !failure.Message.Contains(path))
                    throw new SoraException($"call {call}, error {error}: not one line that names the file: {failure.Message}");
            }
            reached = fail(0, 0) != 0;
        }
        using (CheckpointDirectory again = CheckpointDirectory.Open(comm, path))
            if (NewestStep(comm, again) is var found && (found < Checkpoints - 1 || found < Checkpoints && !isRefused))
                throw new SoraException($"call {call}, error {error}: step {found} was found");
        if (Directory.GetFiles(path, "*.partial").Length > 0)
            throw new SoraException($"call {call}, error {error}: a partial file is left");
        Directory.Delete(path, recursive: true);
        return reached;
    }

    private static void Write(Communicator comm, CheckpointDirectory directory, long step)
    {
        (long begin, long end) = (Values * comm.Rank / comm.Size, Values * (comm.Rank + 1) / comm.Size);
        double[] values = [.. Enumerable.Range((int)begin, (int)(end - begin)).Select(i => step + i * 0.5)];
        using CheckpointWriter writer = directory.Begin(new("crash", 1, step, step));
        writer.AddElements<double>("values", Values, [new(begin, end - begin)], values);
        writer.AddShared<long>("random", [step]);
        writer.Start();
        writer.Complete();
    }

    /// <summary>The newest good checkpoint's step, after a look at every number; 0 where there is none.</summary>
    private static long NewestStep(Communicator comm, CheckpointDirectory directory)
    {
        using CheckpointReader? reader = directory.OpenNewest("crash", 1);
        if (reader is null)
            return 0;
        long step = reader.Header.Step;
        double[] values = new double[Values];
        reader.ReadElements("values", Values, [new(0, Values)], values.AsMemory());
        for (int i = 0; i < values.Length; i++)
            if (values[i] != step + i * 0.5)
                throw new SoraException($"value {i} of step {step} is {values[i]}");
        return step;
    }
}
