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
        var doctor = new Verb("doctor", "Says which MPI, HDF5 and BLAS a run would use, and what is wrong with them.", "sora doctor --ranks 2 --mpi openmpi");
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
            if (!communicator.IsRoot)
                return;
            findings.ForEach(output.WriteLine);
            output.Flush();
            worst = findings.Max(finding => finding.Severity);
        });
        return code != 0 ? code : worst == Severity.Error ? 1 : 0;
    }

    /// <summary>All findings of one rank, in the order a run meets them. Collective.</summary>
    private static List<Finding> Examine(Communicator communicator, string? mpi)
    {
        // HDF5 first: looking for an MPI loads one, and the build of HDF5 that a run without MPI would use is another.
        List<Finding> storage = [.. Hdf5Check.Run(communicator)];
        using Communicator host = communicator.SplitShared();
        return
        [
            .. LauncherCheck.Run(LaunchEnvironment.Read(), mpi),
            .. MpiCheck.Run(communicator, mpi),
            .. storage,
            .. BlasCheck.Run(host.Size),
            .. MachineCheck.Run(host),
        ];
    }
}
