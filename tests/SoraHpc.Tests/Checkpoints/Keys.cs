
namespace SoraHpc.Tests.Checkpoints;

/// <summary>Key files for tests.</summary>
internal static class Keys
{
    internal static string Make(TemporaryDirectory directory, string name, byte seed, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        string path = directory.File(name);
        File.WriteAllBytes(path, [.. Enumerable.Range(0, 32).Select(i => (byte)(i * seed + 1))]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
        return path;
    }
}
