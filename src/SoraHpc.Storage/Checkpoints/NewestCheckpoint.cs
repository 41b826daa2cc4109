using SoraHpc.Diagnostics;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>What a look at a directory from outside its run tells of the newest checkpoint there.</summary>
/// <param name="Step">Steps done; null when its beginning cannot be read, and a run would take the one before.</param>
/// <param name="Written">When it was complete, UTC.</param>
public sealed record NewestCheckpoint(long? Step, DateTime Written)
{
    /// <summary>Null where there is none. Neither checks the file nor takes the directory.</summary>
    public static NewestCheckpoint? In(string directory)
    {
        try
        {
            return Directory.Exists(directory) && Generation.In(directory) is [(_, _, var path), ..] ? new(StepOf(path), File.GetLastWriteTimeUtc(path)) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? StepOf(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] start = new byte[Preamble.FixedBytes];
        try
        {
            file.ReadExactly(start);
            byte[] all = new byte[Preamble.LengthFrom(start)];
            file.Position = 0;
            file.ReadExactly(all);
            return Preamble.HeaderOf(all).Step;
        }
        catch (Exception failure) when (failure is EndOfStreamException or SoraException)
        {
            return null;
        }
    }
}
