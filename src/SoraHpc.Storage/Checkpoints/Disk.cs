using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>What checkpoints ask of the file system, with its failures in one line.</summary>
internal static unsafe partial class Disk
{
    private const int StatxBytes = 256, CurrentDirectory = -100, DoNotFollow = 0x100;      // struct statx, AT_FDCWD, AT_SYMLINK_NOFOLLOW
    private const int NoSpaceLeft = 28, QuotaExceeded = 122, InputOutputError = 5;         // ENOSPC, EDQUOT, EIO

    /// <summary>A new empty file that only its owner may read.</summary>
    internal static void MakeEmpty(string path) =>
        new FileStream(path, ForOwnerOnly(FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)).Dispose();

    /// <summary>Options to open a file that, if it is made by this, only its owner may read.</summary>
    internal static FileStreamOptions ForOwnerOnly(FileMode mode, FileAccess access, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    // Every rank has the file open at once; .NET would lock it for anything less.
    internal static SafeFileHandle Open(string path, FileAccess access) => File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Fills <paramref name="bytes"/>; false where the file ends before.</summary>
    internal static bool TryRead(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(file, bytes, offset);
            if (read == 0)
                return false;
            bytes = bytes[read..];
            offset += read;
        }
        return true;
    }

    /// <summary>Begins to move written bytes to the disk, without waiting: it works while the next are made. A hint; where the system does not know it, the
    /// flush at the end does all.</summary>
    internal static void StartFlush(SafeFileHandle file, long offset, long bytes)
    {
        const uint write = 2;                               // SYNC_FILE_RANGE_WRITE
        if (OperatingSystem.IsLinux())
            _ = SyncFileRange(file, offset, bytes, write);
    }

    /// <summary>Whether a file may be written over without changing what anybody else sees: a plain file with one name.</summary>
    internal static bool HasOneName(string path)
    {
        const int linksAt = 16, modeAt = 28;                // stx_nlink, stx_mode
        const uint wantTypeAndLinks = 0x1 | 0x4;            // STATX_TYPE, STATX_NLINK
        const int kind = 0xf000, plain = 0x8000;            // S_IFMT, S_IFREG
        byte* answer = stackalloc byte[StatxBytes];
        return OperatingSystem.IsLinux() && Statx(CurrentDirectory, Path.GetFullPath(path), DoNotFollow, wantTypeAndLinks, answer) == 0
            && *(uint*)(answer + linksAt) == 1 && (*(ushort*)(answer + modeAt) & kind) == plain;
    }

    /// <summary>The number of the user a file belongs to; null where the system cannot say.</summary>
    internal static uint? OwnerOf(string path)
    {
        const int ownerAt = 20;                             // stx_uid
        const uint wantOwner = 0x8;                         // STATX_UID
        byte* answer = stackalloc byte[StatxBytes];
        return OperatingSystem.IsLinux() && Statx(CurrentDirectory, Path.GetFullPath(path), 0, wantOwner, answer) == 0 ? *(uint*)(answer + ownerAt) : null;
    }

    internal static bool IsFull(IOException failure) => (failure.HResult & 0xffff) is NoSpaceLeft or QuotaExceeded;

    /// <summary>Makes names in a directory last: a rename is on the disk only when its directory is.</summary>
    internal static void FlushDirectory(string directory)
    {
        const int readOnly = 0;
        int descriptor = OpenNative(directory, readOnly);
        if (descriptor < 0)
            throw new IOException($"cannot be opened (error {Marshal.GetLastPInvokeError()})");
        int result = Flush(descriptor), error = Marshal.GetLastPInvokeError();
        _ = CloseNative(descriptor);
        if (result != 0 && error is InputOutputError or NoSpaceLeft or QuotaExceeded)
            throw new IOException($"cannot be flushed to the disk (error {error})");
    }

    /// <summary>Acts; a failure of the file system names the file.</summary>
    /// <param name="needed">Bytes that are being written; 0 when reading.</param>
    internal static void Act(string path, long needed, Action act)
    {
        try
        {
            act();
        }
        catch (IOException failure) when (IsFull(failure))
        {
            throw new CheckpointException($"checkpoint {path}: the disk is full: {Megabytes(needed)} needed, {Megabytes(FreeBytes(path))} free; earlier checkpoints are untouched", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"checkpoint {path}: cannot be {(needed > 0 ? "written" : "read")}: {failure.Message}", failure);
        }
    }

    /// <summary>Free to this user in the file system of a path; −1 where it cannot be told.</summary>
    internal static long FreeBytes(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return -1;
        }
    }

    internal static string Megabytes(long bytes) => bytes < 0 ? "unknown" : $"{bytes / 1e6:#,0.0} MB";

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long bytes, uint flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte* answer);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNative(int descriptor);
}
