using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Bench;

/// <summary>A temporary folder that the root makes and removes, and whose name all ranks know. They must share a file system.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly Communicator world;
    private readonly string path;

    /// <param name="parent">Where to make it; null: where the system keeps temporary files.</param>
    /// <remarks>Collective.</remarks>
    internal BenchFolder(Communicator world, string? parent = null)
    {
        this.world = world;
        path = world.Broadcast(world.IsRoot ? MakeIn(parent) : null);
    }

    private static string MakeIn(string? parent) => parent is null ? Directory.CreateTempSubdirectory("sora-bench-").FullName
        : Directory.Exists(parent) ? Directory.CreateDirectory(Path.Combine(Path.GetFullPath(parent), $"sora-bench-{Guid.NewGuid():N}")).FullName
        : throw new UsageException($"there is no folder {parent}; make it first");

    internal string File(string name) => Path.Combine(path, name);

    /// <summary>Local: the root removes what is left when it is done.</summary>
    public void Dispose()
    {
        if (world.IsRoot)
            Directory.Delete(path, recursive: true);
    }
}
