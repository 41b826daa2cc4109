using System.Diagnostics;
using System.Globalization;
using SoraHpc.Cli.Launching;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Npb;

namespace SoraHpc.Cli.Bench;

/// <summary>The reference program, compiled for one MPI in a copy of its sources; the copy is deleted on <see cref="Dispose"/>.</summary>
internal sealed class NpbReference : IDisposable
{
    private readonly DirectoryInfo copy = Directory.CreateTempSubdirectory("sora-npb-");

    private NpbReference() { }

    /// <summary>Copies the sources and sets them up for the compilers of this MPI.</summary>
    /// <param name="folder">NPB3.4-MPI as distributed; nothing is written there.</param>
    /// <exception cref="SoraException">It is not that folder, or the compilers are not installed.</exception>
    internal static NpbReference Of(string folder, string mpi)
    {
        if (!File.Exists(Path.Combine(folder, "sys", "setparams.c")))
            throw new UsageException($"--reference {folder} holds no sys/setparams.c: give the folder NPB3.4-MPI of the benchmarks' distribution");
        if (mpi is not ("openmpi" or "mpich"))
            throw new UsageException($"--reference is compiled for --mpi openmpi or mpich, not {mpi}");
        foreach (string compiler in (string[])[$"mpif90.{mpi}", $"mpicc.{mpi}", "make"])
            if (MpiLauncher.OnPath(compiler) is null)
                throw new SoraException($"{compiler} is not on the PATH; install gfortran, make and lib{mpi}-dev, or leave out --reference");
        NpbReference reference = new();
        reference.Copy(folder);
        File.WriteAllText(Path.Combine(reference.copy.FullName, "config", "make.def"), Settings(mpi));
        return reference;
    }

    private void Copy(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy.FullName, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Path.GetExtension(file) is not (".o" or ".mod" or ".x"))
                File.Copy(file, target);
        }
        copy.CreateSubdirectory("bin");
    }

    /// <summary>Compiles one kernel; returns its program.</summary>
    internal string Build(string kernel, NpbClass size)
    {
        var start = new ProcessStartInfo("make", ["-C", copy.FullName, kernel, $"CLASS={size}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process make = Process.Start(start)!;
        Task<string> complaint = make.StandardError.ReadToEndAsync();
        make.StandardOutput.ReadToEnd();
        make.WaitForExit();
        string program = Path.Combine(copy.FullName, "bin", $"{kernel.ToLowerInvariant()}.{size}.x");
        return make.ExitCode == 0 && File.Exists(program) ? program
            : throw new SoraException($"make {kernel} CLASS={size} fails in the reference's sources: {FirstError(complaint.Result)}");
    }

    /// <summary>Runs a program that prints the benchmarks' summary; returns its Mop/s.</summary>
    /// <exception cref="SoraException">It fails, or its result is not verified.</exception>
    internal static double Run(string mpi, int ranks, string[] program)
    {
        LaunchRequest request = new(ranks, program, Machine.Cores(), Environment.GetEnvironmentVariable("SLURM_JOB_ID") is not null, Environment.UserName == "root", mpi);
        IReadOnlyList<string> lines = LaunchedRanks.Capture(LaunchCommand.For(MpiLauncher.Find(mpi), request));
        if (ValueOf(lines, "Verification") is not "SUCCESSFUL")
            throw new SoraException($"{program[0]} on {ranks} ranks did not verify its result");
        return double.Parse(ValueOf(lines, "Mop/s total")!, CultureInfo.InvariantCulture);
    }

    /// <summary>Our own side of it.</summary>
    internal static double RunOwn(string mpi, int ranks, string kernel, NpbClass size) =>
        Run(mpi, ranks, [.. LaunchedRanks.Self(), "run", "npb", "--kernel", kernel.ToLowerInvariant(), "--class", $"{size}", "--mpi", mpi]);

    private static string? ValueOf(IReadOnlyList<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains('='))?.Split('=')[1].Trim();

    private static string FirstError(string text) => text.Split('\n').FirstOrDefault(line => line.Contains("rror")) ?? "no program appeared";

    // Fortran compilers since version 10 refuse the old sources' mixed arguments unless told otherwise.
    private static string Settings(string mpi) => $"""
        MPIFC = mpif90.{mpi}
        FLINK = $(MPIFC)
        FFLAGS = -O3 -march=native -fallow-argument-mismatch
        FLINKFLAGS = $(FFLAGS)
        MPICC = mpicc.{mpi}
        CLINK = $(MPICC)
        CFLAGS = -O3 -march=native
        CLINKFLAGS = $(CFLAGS)
        CC = gcc
        BINDIR = ../bin
        RAND = randi8

        """;

    public void Dispose() => copy.Delete(recursive: true);
}
