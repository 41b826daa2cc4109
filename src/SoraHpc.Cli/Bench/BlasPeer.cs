using System.Diagnostics;
using System.Globalization;
using SoraHpc.Cli.Launching;
using SoraHpc.Diagnostics;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Cli.Bench;

/// <summary>The C program of <c>sora bench blas</c>, compiled and running with the same library; ended and deleted on <see cref="Dispose"/>.</summary>
internal sealed class BlasPeer : IDisposable
{
    private readonly DirectoryInfo folder;
    private readonly Process program;

    private BlasPeer(DirectoryInfo folder, Process program) => (this.folder, this.program) = (folder, program);

    /// <summary>Null where there is no gcc, or no native library.</summary>
    /// <exception cref="SoraException">The compiler is there and fails.</exception>
    internal static BlasPeer? Start(BlasLibrary library)
    {
        if (library.Name == BlasLibrary.Managed || MpiLauncher.OnPath("gcc") is not { } compiler)
            return null;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sora-bench-");
        string executable = Path.Combine(folder.FullName, "blas_bench"), source = executable + ".c";
        using (Stream text = typeof(BlasPeer).Assembly.GetManifestResourceStream("blas_bench.c")!, file = File.Create(source))
            text.CopyTo(file);
        // MKL calls libm and OpenMP without naming their libraries: the program brings them.
        using Process build = Process.Start(new ProcessStartInfo(compiler, ["-O3", "-march=native", "-o", executable, source, "-Wl,--no-as-needed", "-lm", "-lgomp", "-ldl"]) { RedirectStandardError = true })!;
        string complaint = build.StandardError.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0)
        {
            folder.Delete(recursive: true);
            throw new SoraException($"{compiler} does not compile the C side: {complaint.Split('\n')[0]}");
        }
        ProcessStartInfo start = new(executable, [library.Path, library.LapackPath]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in library.Settings)
            start.Environment[name] = value;
        return new(folder, Process.Start(start)!);
    }

    /// <summary>The best time of one call [s], after one that does not count.</summary>
    /// <param name="newResults">Whether each call takes memory for its results, or all share it.</param>
    /// <param name="whole">Whether it makes all that MathNet's results have, or only what the library returns.</param>
    internal double Measure(string kernel, int order, int repetitions, bool newResults, bool whole)
    {
        program.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kernel} {order} {repetitions + 1} {(newResults ? 1 : 0)} {(whole ? 1 : 0)}"));
        program.StandardInput.Flush();
        string? answer = program.StandardOutput.ReadLine();
        return answer is not null ? double.Parse(answer, CultureInfo.InvariantCulture) : throw new SoraException($"the C side of {kernel} ended without an answer; it says why above");
    }

    public void Dispose()
    {
        program.StandardInput.Close();                  // which ends it
        program.WaitForExit();
        program.Dispose();
        folder.Delete(recursive: true);
    }
}
