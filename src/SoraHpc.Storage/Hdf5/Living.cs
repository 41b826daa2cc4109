using System.Runtime.InteropServices;

namespace SoraHpc.Storage.Hdf5;

/// <summary>Marks a file as somebody's who is alive: a lock of the system on a byte far behind its end, which goes with its process, however that ends.</summary>
/// <remarks>A lock of the open file (F_OFD_SETLK): neither HDF5's nor MPI-IO's own locks meet it, and closing the file elsewhere in this process does not
/// lose it. Where the system has none, nobody is known to be dead.</remarks>
internal sealed unsafe partial class Living : IDisposable
{
    private const int ReadWrite = 2, CloseOnExec = 0x80000;                 // O_RDWR, O_CLOEXEC
    private const int SetOpenFileLock = 37, WriteLock = 1;                  // F_OFD_SETLK, F_WRLCK
    private const long FarBehind = 1L << 61;
    private int descriptor;

    private Living(int descriptor) => this.descriptor = descriptor;

    /// <summary>Marks a file; null where somebody else has, where it is gone, or where it cannot be done.</summary>
    internal static Living? TryMark(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        int descriptor = Open(path, ReadWrite | CloseOnExec);
        if (descriptor < 0)
            return null;
        Living mark = new(descriptor);
        FileLock wish = new() { Type = WriteLock, Start = FarBehind, Length = 1 };
        // Whoever clears away what the dead have left may have been quicker.
        if (Control(descriptor, SetOpenFileLock, &wish) == 0 && File.Exists(path))
            return mark;
        mark.Dispose();
        return null;
    }

    /// <summary>Deletes a file that nobody alive has marked.</summary>
    internal static void ClearAway(string path)
    {
        using Living? mine = TryMark(path);
        if (mine is not null)
            File.Delete(path);
    }

    public void Dispose()
    {
        if (descriptor >= 0)
            _ = Close(descriptor);
        descriptor = -1;
    }

    /// <summary>struct flock on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type, Whence;
        public long Start, Length;
        public int Process;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, FileLock* argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
