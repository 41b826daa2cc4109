using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.CommandLine;

/// <summary>A number of bytes as people write it: 64MB, 1.5GB, 4MiB, 300000.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, double Bytes)[] Units =
        [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1), ("", 1)];

    /// <exception cref="UsageException">It is no number of bytes ≥ 1.</exception>
    internal static long Parse(string option, string text)
    {
        (string unit, double bytes) = Array.Find(Units, each => text.EndsWith(each.Unit, StringComparison.Ordinal));
        return double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * bytes is >= 1 and < 1e18 ? (long)(number * bytes)
            : throw new UsageException($"{option} takes a number of bytes such as 64MB, not '{text}'");
    }
}
