namespace SoraHpc.Jobs.Weather;

/// <summary>Divides the time to the next state to be written into equal steps, none longer than allowed; the same on every rank.</summary>
internal sealed class ModelClock
{
    private int next, left;

    /// <param name="end">Model time to run [s], ≥ 0.</param>
    /// <param name="interval">Time between stops [s]; the end is always one.</param>
    /// <param name="longest">Longest step [s].</param>
    internal ModelClock(double end, double interval, double longest)
    {
        (End, LongestAllowed) = (end, longest);
        var stops = new List<double> { 0 };
        // A last stretch of less than a millionth of an interval is rounding, not a stop of its own.
        for (int i = 1; i * interval < end * (1 - 1e-9); i++)
            stops.Add(i * interval);
        if (end > 0)
            stops.Add(end);
        Stops = stops;
        Aim();
    }

    /// <summary>What steps may be at most [s].</summary>
    internal double LongestAllowed { get; }

    /// <summary>End of the run [s].</summary>
    internal double End { get; }

    /// <summary>Times at which states are written [s], 0 first.</summary>
    internal IReadOnlyList<double> Stops { get; }

    /// <summary>Now [s].</summary>
    internal double Seconds { get; private set; }

    /// <summary>Length of the next step [s].</summary>
    internal double Step { get; private set; }

    /// <summary>Longest step so far or next [s].</summary>
    internal double LongestStep { get; private set; }

    /// <summary>Steps done.</summary>
    internal long Steps { get; private set; }

    internal bool IsOver => next == Stops.Count;

    internal double Fraction => End > 0 ? Seconds / End : 1;

    /// <summary>After a step: true when it ended at a stop.</summary>
    internal bool Advance()
    {
        Steps++;
        left--;
        Seconds = left == 0 ? Stops[next] : Stops[next] - left * Step;
        if (left > 0)
            return false;
        Aim();
        return true;
    }

    private void Aim()
    {
        next++;
        if (IsOver)
            return;
        left = (int)Math.Ceiling((Stops[next] - Seconds) / LongestAllowed);
        Step = (Stops[next] - Seconds) / left;
        LongestStep = Math.Max(LongestStep, Step);
    }
}
