using System.Diagnostics;
using NUnit.Framework;

namespace SoraHpc.Tests.Storage;

/// <summary>A directory of a test's own, deleted after it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("sora-storage-").FullName;

    internal string File(string name) => Path.Combine(path, name);

    internal string[] Files => [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)!).Order()];

    public void Dispose() => Directory.Delete(path, recursive: true);
}

/// <summary>Real files that are not part of the project: SORA_TEST_DATA, or ../shared/data beside the repository.</summary>
internal static class RealData
{
    internal static string File(string name)
    {
        string directory = Environment.GetEnvironmentVariable("SORA_TEST_DATA") ?? Path.Combine(RepositoryRoot(), "..", "shared", "data");
        string path = Path.GetFullPath(Path.Combine(directory, name));
        if (!System.IO.File.Exists(path))
            Assert.Ignore($"{path} is not here; set SORA_TEST_DATA to the directory with the real files");
        return path;
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !System.IO.File.Exists(Path.Combine(directory.FullName, "SoraHpc.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? AppContext.BaseDirectory;
    }
}

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
