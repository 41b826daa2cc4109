namespace SoraHpc.Tests.Storage;

/// <summary>A directory of a test's own, deleted after it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("sora-storage-").FullName;

    internal string File(string name) => Path.Combine(path, name);

    internal string[] Files => [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)!).Order()];

    public void Dispose() => Directory.Delete(path, recursive: true);
}
