using SoraHpc.Communication;

namespace SoraHpc.Storage.Hdf5;

/// <summary>The file that is being written, beside the place it will take. Rank 0 makes, renames and deletes it.</summary>
internal sealed class PartialFile
{
    private readonly OpenFile file;
    private readonly string target;
    private Living? mark;
    private bool isOver;

    private PartialFile(OpenFile file, string target, string path) => (this.file, this.target, Path) = (file, target, path);

    /// <summary>In the target's directory, so that the rename stays inside one file system and is atomic.</summary>
    internal string Path { get; }

    /// <summary>Makes the empty file, so that a directory without permission is found before MPI-IO is asked. Collective.</summary>
    internal static PartialFile Start(OpenFile file)
    {
        string target = System.IO.Path.GetFullPath(file.Name);
        string path = $"{target}.partial-{Guid.NewGuid().ToString("N")[..8]}";
        if (file.Communicator is { Size: > 1 } communicator)
            path = communicator.Broadcast(path);
        PartialFile partial = new(file, target, path);
        partial.Once(partial.MakeEmpty);
        return partial;
    }

    /// <summary>On the disk first, then over the target. Collective.</summary>
    internal void TakePlace()
    {
        Once(() => Attempt(() =>
        {
            using (FileStream stream = new(Path, FileMode.Open, FileAccess.ReadWrite))
                stream.Flush(flushToDisk: true);
            File.Move(Path, target, overwrite: true);
            mark?.Dispose();
        }));
        isOver = true;
    }

    /// <summary>Deletes it unless it took its place. Local; never throws: this is the path of failures.</summary>
    /// <param name="isFailing">This rank fails; rank 0 may be ended before it gets here, so this rank deletes the file.</param>
    internal void Delete(bool isFailing)
    {
        if (isOver)
            return;
        isOver = true;
        try
        {
            if (file.IsRoot || isFailing)
                File.Delete(Path);
            mark?.Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It stays, under a name that says what it is; the failure that led here is the one to report.
        }
    }

    private void MakeEmpty()
    {
        string directory = System.IO.Path.GetDirectoryName(target)!;
        if (!Directory.Exists(directory))
            throw file.Error(null, $"the directory {directory} does not exist; make it first");
        if (Directory.Exists(target))
            throw file.Error(null, "it is a directory; name a file");
        ClearAway(directory);
        Attempt(() => new FileStream(Path, FileMode.CreateNew, FileAccess.Write).Dispose());
        mark = Living.TryMark(Path);
    }

    /// <summary>Deletes what runs to the same target have left that were killed.</summary>
    private void ClearAway(string directory)
    {
        try
        {
            const string Mark = ".partial-", Unknown = "????????";
            string partial = $"{System.IO.Path.GetFileName(target)}{Mark}{Unknown}";
            foreach (string left in Directory.GetFiles(directory, partial))
                Living.ClearAway(left);
            // Open MPI's lock of a shared file pointer, beside the file it is of: FILE-job-process.lock.
            foreach (string left in Directory.GetFiles(directory, $"{partial}-*.lock"))
                if (!File.Exists(left[..(left.LastIndexOf(Mark, StringComparison.Ordinal) + Mark.Length + Unknown.Length)]))
                    File.Delete(left);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // They take room and do no harm.
        }
    }

    private void Attempt(Action act)
    {
        try
        {
            act();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw file.Error(null, $"cannot be written: {failure.Message}");
        }
    }

    private void Once(Action act)
    {
        if (file.Communicator is { Size: > 1 } communicator)
            SharedFailure.RootActs(communicator, act);
        else
            act();
    }
}
