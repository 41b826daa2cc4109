namespace SoraHpc.Diagnostics;

/// <summary>Files of text, pictures among them, that a reader never sees half of.</summary>
public static class TextFile
{
    /// <summary>Writes a file beside its place, as <c>path.part</c>, and then moves it there: a failure leaves an older one as it was. Local.</summary>
    /// <param name="path">The file; an older one is replaced.</param>
    /// <param name="text">All of it, in UTF-8.</param>
    /// <param name="what">What it is, for the message: "picture".</param>
    /// <exception cref="SoraException">It cannot be written.</exception>
    public static void Write(string path, string text, string what)
    {
        string partial = path + ".part";
        try
        {
            File.WriteAllText(partial, text);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new SoraException($"{path}: the {what} cannot be written: {reason.Message}", reason);
        }
    }
}
