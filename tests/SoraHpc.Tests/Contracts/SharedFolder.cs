using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

/// <summary>A folder that all ranks of a test write to and read from; the root makes it, and deletes it when all have left it. Making and disposing are collective.</summary>
internal sealed class SharedFolder : IDisposable
{
    private readonly Communicator ranks;

    internal SharedFolder(Communicator ranks)
    {
        this.ranks = ranks;
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"sora-contract-{ranks.Broadcast(ranks.IsRoot ? Guid.NewGuid() : default):N}");
        ByRoot(() => Directory.CreateDirectory(Path));
    }

    internal string Path { get; }

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Has the root do something alone, before any rank goes on. Collective.</summary>
    internal void ByRoot(Action work)
    {
        if (ranks.IsRoot)
            work();
        ranks.Barrier();
    }

    public void Dispose()
    {
        ranks.Barrier();
        if (ranks.IsRoot)
            Directory.Delete(Path, recursive: true);
    }
}
