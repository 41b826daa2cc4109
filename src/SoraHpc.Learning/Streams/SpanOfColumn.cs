namespace SoraHpc.Learning.Streams;

/// <summary>One column seen in windows of one span. Local.</summary>
internal sealed class SpanOfColumn(WindowSpan span, double[] shares)
{
    private readonly SlidingWindow window = new(isSorted: shares.Length > 0);
    private double next = double.NaN, begin;                // where the window ends that is over next; where the stream begins

    /// <summary>Numbers of a report before its quantiles: column, span, end and moments.</summary>
    internal const int Numbers = 8;

    internal void Push(double position, double value) => window.Push(position, value);

    /// <summary>Nothing before a position comes any more: reports on the windows that are over. Windows without a number, and those that began before the stream did, are left
    /// out.</summary>
    internal void Reach(double position, int column, int number, List<double> reports)
    {
        if (double.IsNaN(next))
        {
            begin = Math.Floor(position / span.Step) * span.Step;
            next = begin + span.Step;
        }
        while (next <= position)
        {
            window.LeaveBefore(next - span.Size);
            if (window.Count > 0 && next - span.Size >= begin)
                Report(column, number, reports);
            // After the last number's windows there is nothing to tell until the next number.
            next = (window.Count > 0 ? Math.Round(next / span.Step) : Math.Floor(position / span.Step)) * span.Step + span.Step;
        }
    }

    private void Report(int column, int number, List<double> reports)
    {
        Moments moments = window.Moments;
        reports.AddRange([column, number, next, moments.Count, moments.Mean, moments.SquaredDeviations, moments.Minimum, moments.Maximum]);
        foreach (double share in shares)
            reports.Add(window.Quantile(share));
    }
}
