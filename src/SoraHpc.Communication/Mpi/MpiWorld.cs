using SoraHpc.Communication.Mpi.Abi;
using SoraHpc.Communication.Survival.Opening;
using SoraHpc.Diagnostics;

namespace SoraHpc.Communication.Mpi;

/// <summary>The world of processes: this process is one rank.</summary>
internal static class MpiWorld
{
    // The other ranks outlive rank 0's line, which the launcher might otherwise cut off.
    private const int PatienceOfOthersMilliseconds = 2000;
    private const int FinaliseMilliseconds = 10_000;

    internal static int Run(Action<Communicator> body, WorldOptions options, LaunchEnvironment launch)
    {
        // Open MPI gives ranks a terminal; the console would greet it with control codes in the middle of the output.
        Environment.SetEnvironmentVariable("TERM", "dumb");
        using OpeningWatch? opening = Watch(options, launch);
        MpiProcess process;
        try
        {
            process = MpiProcess.Open(options, launch);
        }
        catch (Exception failure)
        {
            opening?.Dispose();
            Tell(failure, options.Error, Math.Max(0, launch.Rank));
            return Failure.ExitCode(failure);
        }
        if (options.Survival is not null)
            return RunMortal(process, body, options, launch, opening!);
        process.Failures.Watch(options.EndsOnStopSignals);
        try
        {
            body(MpiCommunicator.World(process));
            process.Close();
        }
        catch (Exception failure)
        {
            process.Failures.End(failure);
        }
        return 0;
    }

    private static OpeningWatch? Watch(WorldOptions options, LaunchEnvironment launch) => options.Survival is not { } survival ? null
        : new(HostRanks.Find(Environment.GetEnvironmentVariable, Environment.ProcessId), survival, launch.Rank, options.Error, DynamicLoader.ExitNow);

    private static int RunMortal(MpiProcess process, Action<Communicator> body, WorldOptions options, LaunchEnvironment launch, OpeningWatch opening)
    {
        try
        {
            MpiMortalRank.Check(process, launch);
        }
        catch (UsageException wrong)
        {
            opening.Dispose();
            process.Failures.End(wrong);
        }
        using MpiMortalRank rank = new(process, options, opening);
        try
        {
            rank.Run(body);
            if (rank.IsWhole)
                Close(rank);
            else
                Leave(rank, options.Error);
        }
        catch (Exception failure)
        {
            rank.Process.Failures.End(failure);
        }
        return 0;
    }

    // A rank that dies within MPI_Finalize has said before that it leaves, and the others would wait for it: all is done and told by now.
    private static void Close(MpiMortalRank rank)
    {
        int left = rank.Process.Requests.ActiveCount;           // never waited for: told, and a failure
        using Timer limit = new(_ => DynamicLoader.ExitNow(left > 0 ? 1 : 0), null, FinaliseMilliseconds, Timeout.Infinite);
        Console.Out.Flush();
        rank.Process.Close();
    }

    // Finalising would wait for the dead, and so would a library that closes its files when the process ends in the usual way.
    private static void Leave(MpiMortalRank rank, TextWriter error)
    {
        rank.Process.Leave();
        rank.Dispose();
        Console.Out.Flush();
        error.Flush();
        DynamicLoader.ExitNow(0);
    }

    // There is no world to abort yet. Wrong usage (of the launcher, of a name) is the same on every rank: the first tells it.
    // Anything else, a library missing on one node, is told by whoever the launcher has not ended by then.
    private static void Tell(Exception failure, TextWriter error, int rank)
    {
        if (rank > 0)
            Thread.Sleep(PatienceOfOthersMilliseconds);
        if (rank > 0 && failure is UsageException)
            return;
        error.WriteLine(Failure.Describe(rank, failure));
        error.Flush();
    }
}
