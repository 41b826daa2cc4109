using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Report;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Cli.Report;

/// <summary>The files a trace becomes.</summary>
/// <param name="Page">The page; null for none.</param>
/// <param name="Json">The trace itself; null for none.</param>
internal sealed record TraceOutput(string? Page, string? Json)
{
    internal bool IsWanted => Page is not null || Json is not null;

    /// <summary>What a name asks for: its ending says which, any other name both.</summary>
    /// <exception cref="UsageException">The directory is not there.</exception>
    internal static TraceOutput Of(string? name)
    {
        if (name is null)
            return new(null, null);
        if (Path.GetDirectoryName(Path.GetFullPath(name)) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"{name}: there is no directory {folder} for the trace");
        return Path.GetExtension(name) switch
        {
            ".html" => new(name, null),
            ".json" => new(null, name),
            _ => new($"{name}.html", $"{name}.json"),
        };
    }

    /// <summary>Writes what is wanted; a file takes the place of an older one when it is complete. Returns kinds and files.</summary>
    /// <exception cref="SoraException">It cannot be written.</exception>
    internal IEnumerable<(string Kind, string File)> Write(RunTrace trace)
    {
        if (Json is not null)
        {
            Put(Json, file => TraceFile.Write(trace, file));
            yield return ("trace", Json);
        }
        if (Page is not null)
        {
            Put(Page, file => file.Write(System.Text.Encoding.UTF8.GetBytes(HtmlReport.Render(trace))));
            yield return ("report", Page);
        }
    }

    private static void Put(string path, Action<FileStream> write)
    {
        string partial = $"{path}.partial";
        try
        {
            using (FileStream file = File.Create(partial))
                write(file);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new SoraException($"{path}: the trace cannot be written: {wrong.Message}", wrong);
        }
    }
}
