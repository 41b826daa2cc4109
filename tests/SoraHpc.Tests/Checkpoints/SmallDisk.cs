using System.Diagnostics;
using NUnit.Framework;

namespace SoraHpc.Tests.Checkpoints;

/// <summary>A file system in memory of a few megabytes; needs to be root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    internal string Path { get; }

    /// <summary>Ignores the test where it may not mount.</summary>
    internal static SmallDisk Mount(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        if (Environment.UserName != "root" || Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "sora-test", path) != 0)
            Assert.Ignore("only root may mount a small disk");
        return new SmallDisk(path);
    }

    public void Dispose() => Run("umount", Path);

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
