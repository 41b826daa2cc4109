using System.Diagnostics;
using NUnit.Framework;

namespace SoraHpc.Tests.Storage;

/// <summary>An independent program that reads the same file.</summary>
internal static class Independent
{
    /// <summary>The program's standard output; the test is ignored where the program is not installed.</summary>
    internal static string Run(string program, params string[] arguments)
    {
        if (!System.IO.File.Exists(program))
            Assert.Ignore($"{program} is not installed");
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (errors.Result.Contains("ModuleNotFoundError", StringComparison.Ordinal))
            Assert.Ignore($"{program}: {errors.Result.Trim().Split('\n')[^1]}");
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }

    /// <summary>Runs Python with h5py, NumPy and xarray at hand.</summary>
    internal static string Python(string program, params string[] arguments) => Run("/usr/bin/python3", ["-c", program, .. arguments]);
}
