using Microsoft.Win32.SafeHandles;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>The file of a generation that is no longer needed, kept for the next to write over. Its pages are in memory and its places on the disk
/// are found: a new file costs as much again as the numbers in it, and removing the old one half of that.</summary>
/// <remarks>It has the name of a checkpoint that is not complete, which no reader looks at and the next run removes. By one rank alone.</remarks>
internal sealed class SpareFile : IDisposable
{
    private string? path;

    /// <summary>Takes an old generation's file; false where there is one already, or where somebody has given it another name to keep it.</summary>
    internal bool TryKeep(string old)
    {
        if (path is not null || !Disk.HasOneName(old))
            return false;
        try
        {
            File.Move(old, Generation.PartialName(old), overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        path = Generation.PartialName(old);
        return true;
    }

    /// <summary>Takes the place and the shape of a new file, if there is one to give.</summary>
    internal void TryBecome(string partial, Preamble preamble)
    {
        if (path is not { } old)
            return;
        using (SafeFileHandle from = Disk.Open(partial, FileAccess.Read), to = Disk.Open(old, FileAccess.Write))
            CheckpointStructure.Copy(from, to, preamble);
        File.Move(old, partial, overwrite: true);
        path = null;
    }

    public void Dispose()
    {
        if (path is not null)
            CheckpointDirectory.TryDelete(path);
        path = null;
    }
}
