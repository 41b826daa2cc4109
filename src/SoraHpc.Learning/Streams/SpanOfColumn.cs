namespace SoraHpc.Learning.Streams;

/// <summary>One column seen in windows of one span. Local.</summary>
internal sealed class SpanOfColumn(WindowSpan span, double[] shares)
{
    private readonly SlidingWindow window = new(isSorted: shares.Length > 0);

    // In steps, so that an edge is the same number wherever it is computed: where the window ends that is over next; where the stream begins.
    private double next = double.NaN, first;

    /// <summary>Numbers of a report before its quantiles: column, span, end and moments.</summary>
    internal const int Numbers = 8;

    internal void Push(double position, double value) => window.Push(position, value);

    /// <summary>Nothing before a position comes any more: reports on the windows that are over. Windows without a number, and those that began before the stream did, are left
    /// out.</summary>
    internal void Reach(double position, int column, int number, List<double> reports)
    {
        if (double.IsNaN(next))
            next = (first = StepOf(position)) + 1;
        while (next * span.Step <= position)
        {
            double begin = (next - span.Size / span.Step) * span.Step;
            window.LeaveBefore(begin);
            if (window.Count > 0 && begin >= first * span.Step)
                Report(column, number, reports);
            // After the last number's windows there is nothing to tell until the next number.
            next = (window.Count > 0 ? next : StepOf(position)) + 1;
        }
    }

    // A quotient may be rounded over an edge.
    private double StepOf(double position)
    {
        double step = Math.Floor(position / span.Step);
        while (step * span.Step > position)
            step--;
        while ((step + 1) * span.Step <= position)
            step++;
        return step;
    }

    private void Report(int column, int number, List<double> reports)
    {
        Moments moments = window.Moments;
        reports.AddRange([column, number, next * span.Step, moments.Count, moments.Mean, moments.SquaredDeviations, moments.Minimum, moments.Maximum]);
        foreach (double share in shares)
            reports.Add(window.Quantile(share));
    }
}
