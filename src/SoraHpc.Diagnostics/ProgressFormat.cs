using System.Globalization;
using System.Text;

namespace SoraHpc.Diagnostics;

/// <summary>The words of a progress line; writes nothing.</summary>
public static class ProgressFormat
{
    /// <summary>"step 120 of 480 (25 %) · 06:00 of 24:00 h · 3100 days/day · λ max/mean 1.04 · 0:42 left", parts that are not known left out.</summary>
    /// <param name="report">How far the run is.</param>
    /// <param name="left">Time left; null when not known.</param>
    /// <param name="width">Longest line [characters]; a longer one is cut, so that a terminal never wraps it.</param>
    public static string Line(in ProgressReport report, TimeSpan? left, int width = int.MaxValue)
    {
        var line = new StringBuilder(128);
        line.Append(CultureInfo.InvariantCulture, $"step {report.Step}");
        if (report.Steps > 0)
            line.Append(CultureInfo.InvariantCulture, $" of {report.Steps} ({100.0 * report.Step / report.Steps:0} %)");
        if (report.ModelTime.Length > 0)
            line.Append(" · ").Append(report.ModelTime);
        if (report.Rate.Length > 0)
            line.Append(" · ").Append(report.Rate);
        if (double.IsFinite(report.Imbalance))
            line.Append(CultureInfo.InvariantCulture, $" · λ max/mean {report.Imbalance:0.00}");
        if (left is { } time)
            line.Append(" · ").Append(Duration(time)).Append(" left");
        return line.Length <= width ? line.ToString() : string.Concat(line.ToString().AsSpan(0, Math.Max(0, width - 1)), "…");
    }

    /// <summary>"0:42", "12:05", "3:07:00", "2 d 04:00": minutes and seconds first, then hours, then days and hours.</summary>
    public static string Duration(TimeSpan time)
    {
        time = TimeSpan.FromSeconds(Math.Max(0, Math.Round(time.TotalSeconds)));
        string format = time.TotalHours < 1 ? @"m\:ss" : time.TotalDays < 1 ? @"h\:mm\:ss" : @"%d\ \d\ hh\:mm";
        return time.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Time left at the mean pace since <paramref name="firstStep"/>; null before any step was done or when the end is not known.</summary>
    /// <param name="report">How far the run is now.</param>
    /// <param name="firstStep">The step the clock started at: not 0 in a run that was restarted.</param>
    /// <param name="elapsed">Time since then.</param>
    public static TimeSpan? TimeLeft(in ProgressReport report, long firstStep, TimeSpan elapsed)
    {
        long done = report.Step - firstStep;
        if (done <= 0 || report.Steps <= 0)
            return null;
        double seconds = elapsed.TotalSeconds * Math.Max(0, report.Steps - report.Step) / done;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
