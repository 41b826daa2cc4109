using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Training;

/// <summary>Writes pictures: an older file stays until the new one is complete.</summary>
internal static class TrainingPictures
{
    /// <exception cref="SoraException">It cannot be written.</exception>
    internal static void Write(string path, string text)
    {
        string partial = path + ".part";
        try
        {
            File.WriteAllText(partial, text);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new SoraException($"{path}: the picture cannot be written: {reason.Message}", reason);
        }
    }
}
