namespace SoraHpc.Diagnostics;

/// <summary>
/// Shows how far a run is: nothing for the first two seconds, then one rewritten line on a terminal (at most five times a
/// second) or, in a log, a line after 2 s and then ever more rarely. Only the rank that prints makes one; the others use <see cref="None"/>.
/// </summary>
/// <remarks>
/// Whether the output is a terminal is for the caller to say: Open MPI gives its ranks a pseudo-terminal even when its own output
/// is a file. Ask <see cref="IsDue"/> before composing a report: it costs a clock reading and allocates nothing.
/// </remarks>
public sealed class Progress : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LineInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestLogInterval = TimeSpan.FromMinutes(5);

    private readonly TextWriter writer;
    private readonly ProgressStyle style;
    private readonly int width;
    private readonly TimeProvider clock;
    private readonly long started;
    private TimeSpan next = Quiet;
    private double firstFraction;
    private long firstStep = -1;
    private TimeSpan firstAt;
    private int written;

    /// <param name="writer">Where lines go; standard error as a rule, so that results stay alone on standard output.</param>
    /// <param name="style">Terminal, log or nothing.</param>
    /// <param name="width">Columns of the terminal, ≥ 20; a rewritten line stays one shorter.</param>
    /// <param name="clock">For tests. Default: the system's.</param>
    public Progress(TextWriter writer, ProgressStyle style, int width = 100, TimeProvider? clock = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 20);
        (this.writer, this.style, this.width, this.clock) = (writer, style, width, clock ?? TimeProvider.System);
        started = this.clock.GetTimestamp();
    }

    /// <summary>Shows nothing: for ranks that do not print.</summary>
    public static Progress None { get; } = new(TextWriter.Null, ProgressStyle.Silent);

    /// <summary>True when the next <see cref="Report"/> would be written. Allocates nothing.</summary>
    public bool IsDue => style != ProgressStyle.Silent && clock.GetElapsedTime(started) >= next;

    /// <summary>Starts the clock that the time left is worked out with: call it when set-up is done and stepping begins.</summary>
    /// <param name="fraction">Share of the run that is already done.</param>
    /// <param name="step">Steps that are already done; −1 leaves steps a second out.</param>
    public void Start(double fraction = 0, long step = -1)
    {
        if (style != ProgressStyle.Silent)      // the silent one is shared by all ranks and stays as it is
            (firstFraction, firstStep, firstAt) = (fraction, step, clock.GetElapsedTime(started));
    }

    /// <summary>Writes the report when one is due, else drops it.</summary>
    public void Report(in ProgressReport report)
    {
        if (!IsDue)
            return;
        TimeSpan now = clock.GetElapsedTime(started);
        TimeSpan? left = ProgressFormat.TimeLeft(report.Fraction, firstFraction, now - firstAt);
        double rate = firstStep >= 0 && now > firstAt ? (report.Step - firstStep) / (now - firstAt).TotalSeconds : double.NaN;
        if (style == ProgressStyle.Line)
            Rewrite(ProgressFormat.Line(report, left, width - 1, rate));
        else
            writer.WriteLine(ProgressFormat.Line(report, left, rate: rate));
        writer.Flush();
        next = now + (style == ProgressStyle.Line ? LineInterval : LogInterval(now));
    }

    /// <summary>Ends the rewritten line, so that what is printed next starts on a new one.</summary>
    public void Dispose()
    {
        if (written == 0)
            return;
        written = 0;
        writer.WriteLine();
        writer.Flush();
    }

    /// <summary>A third of the time passed, at least 2 s and at most 5 min: about 20 lines in the first hour.</summary>
    internal static TimeSpan LogInterval(TimeSpan elapsed) =>
        TimeSpan.FromTicks(Math.Clamp(elapsed.Ticks / 3, Quiet.Ticks, LongestLogInterval.Ticks));

    private void Rewrite(string line)
    {
        writer.Write('\r');
        writer.Write(line);
        for (int column = line.Length; column < written; column++)
            writer.Write(' ');                 // erases the tail of a longer line without terminal codes
        written = Math.Max(line.Length, 1);
    }
}
