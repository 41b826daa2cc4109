using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Communication.Mpi;
using SoraHpc.Diagnostics;

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
        if (Misfit(LaunchEnvironment.Read(), parsed.GetValue(options.Mpi)) is { } misfit)
        {
            if (LaunchEnvironment.Read().Rank == 0)
                output.WriteLine(misfit);
            return 1;
        }
        // With too few files neither a launcher nor a rank gets far enough to say so.
        if (LimitCheck.OfProcess().FirstOrDefault(finding => finding.Severity == Severity.Error) is { } tight)
        {
            output.WriteLine(tight);
            return 1;
        }
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

    // A rank whose launcher and library do not belong together cannot be asked anything more.
    private static Finding? Misfit(LaunchEnvironment launch, string? mpi)
    {
        if (launch.Transport != Transport.Mpi || launch.Size < 2)
            return null;
        try
        {
            Finding fit = LauncherCheck.Fit(launch, MpiInformation.Find(new WorldOptions { MpiLibrary = mpi }));
            return fit.Severity == Severity.Error ? fit : null;
        }
        catch (SoraException)
        {
            return null;                        // there is no library: the world says so
        }
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
            .. communicator.IsRoot ? SlurmCheck.Run() : [],
            .. MpiCheck.Run(communicator, mpi),
            .. storage,
            .. BlasCheck.Run(host.Size),
            .. MachineCheck.Run(host),
            .. LimitCheck.Run(communicator.Transport == Transport.Mpi ? host.Size : 0),
        ];
    }
}
