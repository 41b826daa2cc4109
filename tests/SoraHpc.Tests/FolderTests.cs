using NUnit.Framework;

namespace SoraHpc.Tests;

/// <summary>Tests that write files: each has a folder of its own, deleted after it.</summary>
public abstract class FolderTests
{
    /// <summary>Of the test that runs.</summary>
    protected string Folder { get; private set; } = "";

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("sora-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Folder, recursive: true);

    /// <summary>A file in it.</summary>
    protected string In(string name) => Path.Combine(Folder, name);
}
