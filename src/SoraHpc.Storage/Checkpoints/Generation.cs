using System.Globalization;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>The names of checkpoints in their directory.</summary>
internal static class Generation
{
    private const string Prefix = "checkpoint-", Plain = ".h5", Encrypted = ".sealed", Partial = ".partial";

    internal static string FileName(long number, bool isEncrypted) => $"{Prefix}{number:00000000}{(isEncrypted ? Encrypted : Plain)}";

    internal static string PartialName(string fileName) => fileName + Partial;

    /// <summary>All complete ones of a directory, newest first.</summary>
    internal static List<(long Number, bool IsEncrypted, string Path)> In(string directory) =>
        [.. Directory.EnumerateFiles(directory, Prefix + "*").Select(path => (Number: NumberOf(path), path.EndsWith(Encrypted, StringComparison.Ordinal), path)).Where(one => one.Number > 0).OrderByDescending(one => one.Number)];

    /// <summary>What runs that were killed have left.</summary>
    internal static IEnumerable<string> PartialIn(string directory) =>
        Directory.EnumerateFiles(directory, Prefix + "*" + Partial).Where(path => NumberOf(path[..^Partial.Length]) > 0).ToArray();

    private static long NumberOf(string path)
    {
        string name = Path.GetFileName(path), digits = Path.GetFileNameWithoutExtension(name);
        return Path.GetExtension(name) is Plain or Encrypted && long.TryParse(digits.AsSpan(Math.Min(digits.Length, Prefix.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
    }
}
