using System.Diagnostics;
using NUnit.Framework;

namespace SoraHpc.Tests.Mpi;

/// <summary>What a run of SoraHpc.RankPrograms under a launcher left behind.</summary>
/// <param name="ExitCode">The launcher's.</param>
/// <param name="Output">Lines of both streams, standard error first.</param>
internal sealed record RankProgram(int ExitCode, string[] Output, TimeSpan Elapsed)
{
    /// <summary>The first line a person sees on standard error, else on standard output.</summary>
    internal string FirstLine => Output.FirstOrDefault(line => line.Length > 0) ?? "";

    /// <summary>Lines that our own ranks said about a failure.</summary>
    internal IEnumerable<string> Complaints => Output.Where(line => line.StartsWith("sora:", StringComparison.Ordinal));

    /// <summary>Starts <paramref name="verb"/> on <paramref name="ranks"/> ranks; ignores the test where the launcher is not installed.</summary>
    /// <param name="library">Value of SORA_MPI; empty for none.</param>
    internal static RankProgram Run(string mpi, int ranks, string verb, string library = "", int limitSeconds = 20)
    {
        string launcher = $"/usr/bin/mpiexec.{mpi}";
        if (!File.Exists(launcher))
            Assert.Ignore($"{launcher} is not installed");
        var start = new ProcessStartInfo("timeout", ["-k", "2", $"{limitSeconds}", launcher, "-n", $"{ranks}", Executable(), .. verb.Split(' ')])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1";
        start.Environment["SORA_MPI"] = library;
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();
        string[] lines = [.. $"{error.Result}\n{output.Result}".Split('\n').Select(line => line.TrimEnd())];
        return new(process.ExitCode, lines, watch.Elapsed);
    }

    // …/tests/SoraHpc.Tests/bin/CONFIGURATION/FRAMEWORK/ → …/tests/SoraHpc.RankPrograms/bin/CONFIGURATION/FRAMEWORK/
    private static string Executable()
    {
        DirectoryInfo framework = new(TestContext.CurrentContext.TestDirectory), configuration = framework.Parent!;
        string tests = configuration.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(tests, "SoraHpc.RankPrograms", "bin", configuration.Name, framework.Name, "SoraHpc.RankPrograms");
    }
}
