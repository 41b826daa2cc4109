using System.CommandLine;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Cli.Slurm;

/// <summary><c>sora cancel ID</c>.</summary>
internal static class CancelCommand
{
    internal static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "Number of a job, of an array, or of one of its tasks as 12_3" };
        var command = new Verb("cancel", "Takes a job out of Slurm's queue, or ends it. One with checkpoints saves first, if Slurm gives it the time.", "sora cancel 12");
        command.Arguments.Add(id);
        command.SetAction(parsed =>
        {
            string number = parsed.GetValue(id)!;
            _ = SlurmJob.Find(number);                  // scancel itself is silent about a number that Slurm does not know
            SlurmProgram.Run("scancel", number);
            parsed.InvocationConfiguration.Output.WriteLine($"job {number} cancelled");
            return 0;
        });
        return command;
    }
}
