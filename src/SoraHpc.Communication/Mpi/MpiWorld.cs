using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>The world of processes: this process is one rank.</summary>
internal static class MpiWorld
{
    // A failure to open strikes every rank alike: rank 0 tells it; another one speaks only if the launcher has not ended it by then.
    private const int PatienceOfOthersMilliseconds = 1000;

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
            if (launch.Rank > 0)
                Thread.Sleep(PatienceOfOthersMilliseconds);
            options.Error.WriteLine(Failure.Describe(Math.Max(0, launch.Rank), failure));
            options.Error.Flush();
            return Failure.ExitCode(failure);
        }
        process.Failures.Watch();
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
}
