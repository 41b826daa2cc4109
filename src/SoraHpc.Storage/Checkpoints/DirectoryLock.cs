using System.Text;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Keeps two runs from one directory: a lock of the system on a file in it, which goes with its process, however that ends.</summary>
/// <remarks>Where the file system has no locks between hosts, the second run's name in the file stops the first before its next rename.</remarks>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream stream;
    private readonly byte[] holder = Encoding.UTF8.GetBytes($"process {Environment.ProcessId} on {Environment.MachineName}, {Guid.NewGuid():N}");

    private DirectoryLock(FileStream stream)
    {
        this.stream = stream;
        stream.SetLength(0);
        stream.Write(holder);
        stream.Flush();
    }

    /// <exception cref="CheckpointException">Another run has it.</exception>
    internal static DirectoryLock Take(string directory)
    {
        string path = Path.Combine(directory, "lock");
        try
        {
            return new DirectoryLock(new FileStream(path, Disk.ForOwnerOnly(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new CheckpointException($"checkpoint directory {directory}: another run is writing into it ({HolderIn(path)}); give each run a directory of its own");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"checkpoint directory {directory}: cannot be written: {failure.Message}", failure);
        }
    }

    /// <summary>Nobody else has written a name into the file.</summary>
    internal bool IsStillHeld()
    {
        Span<byte> now = stackalloc byte[holder.Length];
        stream.Position = 0;
        return stream.ReadAtLeast(now, now.Length, throwOnEndOfStream: false) == now.Length && now.SequenceEqual(holder);
    }

    public void Dispose() => stream.Dispose();

    // Read without asking for a lock, which the holder would refuse.
    private static string HolderIn(string path)
    {
        try
        {
            using FileStream shared = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] text = new byte[512];
            string holder = Encoding.UTF8.GetString(text, 0, shared.ReadAtLeast(text, text.Length, throwOnEndOfStream: false));
            return holder.Split(',')[0] is { Length: > 0 } name ? name : "unknown";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
