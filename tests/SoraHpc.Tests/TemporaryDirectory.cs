namespace SoraHpc.Tests;

/// <summary>A directory of a test's own, deleted after it. Where every test of a class has one: <see cref="FolderTests"/>.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("sora-test-").FullName;

    internal string[] Files => [.. Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file)!).Order()];

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
