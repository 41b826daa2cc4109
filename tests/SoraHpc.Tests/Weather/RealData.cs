using NUnit.Framework;

namespace SoraHpc.Tests.Weather;

/// <summary>Real files that are too large for the repository: looked for in a folder <c>shared/data</c> beside the repository or above it.</summary>
internal static class RealData
{
    /// <summary>The file's path; where it is absent the test is skipped and says so.</summary>
    internal static string Find(string name)
    {
        for (DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared", "data", name) is var path && File.Exists(path))
                return path;
        Assert.Ignore($"{name} is not in any folder shared/data above {TestContext.CurrentContext.TestDirectory}");
        return "";
    }
}
