using System.Text;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Keeps two runs from one directory: a lock of the system on a file in it, which goes with its process, however that ends.</summary>
/// <remarks>Where the file system has no locks between hosts, the second run's name in the directory stops the first before its next rename.</remarks>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream stream;
    private readonly string holderPath;
    private readonly string holder = $"process {Environment.ProcessId} on {Environment.MachineName}, {Guid.NewGuid():N}";

    private DirectoryLock(FileStream stream, string holderPath)
    {
        (this.stream, this.holderPath) = (stream, holderPath);
        using FileStream name = new(holderPath, Disk.ForOwnerOnly(FileMode.Create, FileAccess.Write, FileShare.ReadWrite));
        name.Write(Encoding.UTF8.GetBytes(holder));
    }

    /// <exception cref="CheckpointException">Another run has it.</exception>
    internal static DirectoryLock Take(string directory)
    {
        string path = Path.Combine(directory, "lock"), holderPath = Path.Combine(directory, "run");
        FileStream stream;
        try
        {
            stream = new(path, Disk.ForOwnerOnly(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (File.Exists(path) && !Disk.IsFull(failure))
        {
            throw new CheckpointException($"checkpoint directory {directory}: another run is writing into it ({HolderIn(holderPath).Split(',')[0]}); give each run a directory of its own");
        }
        return new DirectoryLock(stream, holderPath);
    }

    /// <summary>Nobody else has written a name over this run's.</summary>
    internal bool IsStillHeld() => HolderIn(holderPath) == holder;

    public void Dispose() => stream.Dispose();

    // In a file of its own: the one that is locked cannot be read.
    private static string HolderIn(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
