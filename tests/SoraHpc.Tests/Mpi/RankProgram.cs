using System.Diagnostics;
using NUnit.Framework;

namespace SoraHpc.Tests.Mpi;

/// <summary>What a run of SoraHpc.RankPrograms under a launcher left behind.</summary>
/// <param name="ExitCode">The launcher's.</param>
/// <param name="Output">Lines of both streams, standard error first.</param>
/// <param name="Ending">From the first complaint of one of our ranks to the end of the launcher; starting up does not count, which takes seconds on
/// a busy machine.</param>
internal sealed record RankProgram(int ExitCode, string[] Output, TimeSpan Ending)
{
    /// <summary>The first line a person sees on standard error, else on standard output.</summary>
    internal string FirstLine => Output.FirstOrDefault(line => line.Length > 0) ?? "";

    /// <summary>Lines that our own ranks said about a failure.</summary>
    internal IEnumerable<string> Complaints => Output.Where(line => line.StartsWith("sora:", StringComparison.Ordinal));

    /// <summary>Starts <paramref name="verb"/> on <paramref name="ranks"/> ranks; ignores the test where the launcher is not installed.</summary>
    /// <param name="library">Value of SORA_MPI; empty for none.</param>
    internal static RankProgram Run(string mpi, int ranks, string verb, string library = "", int limitSeconds = 20, string launcherOptions = "") =>
        Start(mpi, ranks, [Executable(), .. verb.Split(' ')], library, limitSeconds, launcherOptions);

    /// <summary>As <see cref="Run"/>, with the tool <c>sora</c> on every rank.</summary>
    internal static RankProgram RunSora(string mpi, int ranks, params string[] arguments) =>
        Start(mpi, ranks, ["dotnet", Path.Combine(TestContext.CurrentContext.TestDirectory, "sora.dll"), .. arguments], library: "", limitSeconds: 20);

    private static RankProgram Start(string mpi, int ranks, string[] program, string library, int limitSeconds, string launcherOptions = "")
    {
        string launcher = $"/usr/bin/mpiexec.{mpi}";
        if (!File.Exists(launcher))
            Assert.Ignore($"{launcher} is not installed");
        var start = new ProcessStartInfo("timeout", ["-k", "2", $"{limitSeconds}", launcher, .. launcherOptions.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-n", $"{ranks}", .. program])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1";
        start.Environment["SORA_MPI"] = library;
        using Process process = Process.Start(start)!;
        Task<(List<string> Lines, long Complained)> error = Read(process.StandardError), output = Read(process.StandardOutput);
        process.WaitForExit();
        long ended = Stopwatch.GetTimestamp(), complained = Math.Min(error.Result.Complained, output.Result.Complained);
        return new(process.ExitCode, [.. error.Result.Lines, .. output.Result.Lines],
            complained < ended ? Stopwatch.GetElapsedTime(complained, ended) : TimeSpan.Zero);
    }

    private static async Task<(List<string> Lines, long Complained)> Read(StreamReader stream)
    {
        List<string> lines = [];
        long complained = long.MaxValue;
        while (await stream.ReadLineAsync() is { } line)
        {
            if (complained == long.MaxValue && line.StartsWith("sora:", StringComparison.Ordinal))
                complained = Stopwatch.GetTimestamp();
            lines.Add(line.TrimEnd());
        }
        return (lines, complained);
    }

    // …/tests/SoraHpc.Tests/bin/CONFIGURATION/FRAMEWORK/ → …/tests/SoraHpc.RankPrograms/bin/CONFIGURATION/FRAMEWORK/
    internal static string Executable()
    {
        DirectoryInfo framework = new(TestContext.CurrentContext.TestDirectory), configuration = framework.Parent!;
        string tests = configuration.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(tests, "SoraHpc.RankPrograms", "bin", configuration.Name, framework.Name, "SoraHpc.RankPrograms");
    }
}
