using System.Text;
using SoraHpc.Communication;

namespace SoraHpc.Cli.Bench;

/// <summary>A temporary folder that the root makes and removes, and whose name all ranks know. They must share a file system.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly Communicator world;
    private readonly string path;

    /// <remarks>Collective.</remarks>
    internal BenchFolder(Communicator world)
    {
        this.world = world;
        byte[] name = world.IsRoot ? Encoding.UTF8.GetBytes(Directory.CreateTempSubdirectory("sora-bench-").FullName) : [];
        byte[] told = new byte[world.Broadcast(name.Length)];
        name.CopyTo(told, 0);
        world.Broadcast<byte>(told);
        path = Encoding.UTF8.GetString(told);
    }

    internal string File(string name) => Path.Combine(path, name);

    /// <summary>Local: the root removes what is left when it is done.</summary>
    public void Dispose()
    {
        if (world.IsRoot)
            Directory.Delete(path, recursive: true);
    }
}
