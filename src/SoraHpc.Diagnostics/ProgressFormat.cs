using System.Globalization;
using System.Text;

namespace SoraHpc.Diagnostics;

/// <summary>The words of a progress line; writes nothing.</summary>
public static class ProgressFormat
{
    /// <summary>"step 120, 60/s · 25 % · 06:00 of 24:00 h, 310 days/day · λ max/mean 1.04 · 0:42 left", parts that are not known left out.</summary>
    /// <param name="report">How far the run is.</param>
    /// <param name="left">Time left; null when not known.</param>
    /// <param name="width">Longest line [characters]; a longer one is cut, so that a terminal never wraps it.</param>
    /// <param name="rate">Steps a second; NaN when not known.</param>
    public static string Line(in ProgressReport report, TimeSpan? left, int width = int.MaxValue, double rate = double.NaN)
    {
        var line = new StringBuilder(128);
        line.Append(CultureInfo.InvariantCulture, $"step {report.Step}");
        if (double.IsFinite(rate))
            line.Append(CultureInfo.InvariantCulture, $", {(rate >= 10 ? Math.Round(rate) : Math.Round(rate, 2)):0.##}/s");
        if (double.IsFinite(report.Fraction))
            line.Append(CultureInfo.InvariantCulture, $" · {Math.Floor(100 * report.Fraction):0} %");
        if (report.Text.Length > 0)
            line.Append(" · ").Append(report.Text);
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

    /// <summary>Time left at the mean pace since the clock started; null when nothing was done since or the end is not known.</summary>
    /// <param name="fraction">Share done now.</param>
    /// <param name="from">Share that was done when the clock started: not 0 in a run that was restarted.</param>
    /// <param name="elapsed">Time since then.</param>
    public static TimeSpan? TimeLeft(double fraction, double from, TimeSpan elapsed)
    {
        double seconds = elapsed.TotalSeconds * Math.Max(0, 1 - fraction) / (fraction - from);
        return fraction > from && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
