using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Slurm;

/// <summary>Times as Slurm writes them.</summary>
internal static class SlurmTime
{
    /// <summary>30 (minutes), 30:00, 1:30:00, 2-12, 2-12:00 or 2-12:00:00; &gt; 0.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    internal static TimeSpan Parse(string text)
    {
        string[] days = text.Split('-');
        int[]? parts = Numbers(days[^1].Split(':')), day = Numbers(days[..^1]);
        TimeSpan? time = (day?.Length, parts) switch
        {
            (0, [var minutes]) => TimeSpan.FromMinutes(minutes),
            (0, [var minutes, var seconds]) => new(0, minutes, seconds),
            (0, [var hours, var minutes, var seconds]) => new(hours, minutes, seconds),
            (1, [var hours]) => new(day[0], hours, 0, 0),
            (1, [var hours, var minutes]) => new(day[0], hours, minutes, 0),
            (1, [var hours, var minutes, var seconds]) => new(day[0], hours, minutes, seconds),
            _ => null,
        };
        return time > TimeSpan.Zero ? time.Value : throw new UsageException($"'{text}' is no time for Slurm: write it like 30 (minutes), 1:30:00 or 2-12:00:00");
    }

    private static int[]? Numbers(string[] texts)
    {
        int[] numbers = new int[texts.Length];
        for (int i = 0; i < texts.Length; i++)
            if (!int.TryParse(texts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] > 1_000_000)
                return null;
        return numbers;
    }
}
