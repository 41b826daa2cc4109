using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SoraHpc.Runtime.Resilience;

/// <summary>One number for all the options that change a result, so that a run does not go on from another run's checkpoint.</summary>
public static class ResultFingerprint
{
    /// <summary>Of values that write themselves the same way everywhere: numbers, text, enumerations, dates, records of those.</summary>
    public static ulong Of(params ReadOnlySpan<object?> options)
    {
        StringBuilder text = new();
        foreach (object? option in options)
            text.Append(CultureInfo.InvariantCulture, $"{option}").Append('\0');
        return BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>What a data file is known by: its name and its length [B], wherever it lies; its name alone where there is no such file.</summary>
    public static string OfFile(string? path) =>
        path is null ? "" : File.Exists(path) ? string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}, {new FileInfo(path).Length} B") : Path.GetFileName(path);
}
