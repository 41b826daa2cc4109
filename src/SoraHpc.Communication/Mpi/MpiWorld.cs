using SoraHpc.Diagnostics;

namespace SoraHpc.Communication.Mpi;

/// <summary>The world of processes: this process is one rank.</summary>
internal static class MpiWorld
{
    // The other ranks outlive rank 0's line, which the launcher might otherwise cut off.
    private const int PatienceOfOthersMilliseconds = 2000;

    internal static int Run(Action<Communicator> body, WorldOptions options, LaunchEnvironment launch)
    {
        // Open MPI gives ranks a terminal; the console would greet it with control codes in the middle of the output.
        Environment.SetEnvironmentVariable("TERM", "dumb");
        MpiProcess process;
        try
        {
            process = MpiProcess.Open(options, launch);
        }
        catch (Exception failure)
        {
            Tell(failure, options.Error, Math.Max(0, launch.Rank));
            return Failure.ExitCode(failure);
        }
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
