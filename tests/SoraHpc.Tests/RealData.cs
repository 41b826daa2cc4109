using NUnit.Framework;

namespace SoraHpc.Tests;

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

    internal static string RepositoryRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !System.IO.File.Exists(Path.Combine(directory.FullName, "SoraHpc.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? AppContext.BaseDirectory;
    }
}
