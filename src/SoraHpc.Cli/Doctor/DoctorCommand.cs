using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;

namespace SoraHpc.Cli.Doctor;

/// <summary><c>sora doctor</c>: what a run would find here, and what to do where that is not good.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var options = new LaunchOptions();
        var doctor = new Verb("doctor", "Says which MPI and HDF5 a run would use, and what is wrong with them.", "sora doctor --ranks 2 --mpi openmpi");
        options.AddTo(doctor);
        doctor.SetAction(parsed => Run(parsed, options));
        return doctor;
    }

    private static int Run(ParseResult parsed, LaunchOptions options)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        var worst = Severity.Ok;
        int code = new RankLauncher(parsed, options).Run(communicator =>
        {
            List<Finding> findings = Examine(communicator, parsed.GetValue(options.Mpi));
            foreach (Finding finding in communicator.IsRoot ? findings : [])
                output.WriteLine(finding);
            output.Flush();
            worst = communicator.IsRoot ? findings.Max(finding => finding.Severity) : worst;
        });
        return code != 0 ? code : worst == Severity.Error ? 1 : 0;
    }

    /// <summary>All findings, in the order a run meets them. Collective.</summary>
    private static List<Finding> Examine(Communicator communicator, string? mpi) =>
    [
        .. LauncherCheck.Run(LaunchEnvironment.Read(), mpi),
        .. MachineCheck.Run(communicator.Size),
    ];
}
