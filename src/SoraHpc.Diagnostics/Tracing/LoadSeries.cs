namespace SoraHpc.Diagnostics.Tracing;

/// <summary>λ of every step in a list that does not grow: when it is full, two neighbours become one. Allocates nothing after it is made.</summary>
public sealed class LoadSeries
{
    /// <summary>Points there are at most.</summary>
    public const int Most = 2048;

    private struct Point
    {
        internal long Step, At;
        internal double Slowest, Mean;
    }

    private readonly Point[] points = new Point[Most];
    private int used, stepsInLast;
    private long above;
    private int stepsInPoint = 1;

    /// <summary>Steps with a λ max/mean above this are counted.</summary>
    public double Bound { get; init; } = double.PositiveInfinity;

    /// <summary>Steps in a row, up to the newest, that were above <see cref="Bound"/>. From any thread.</summary>
    public long StepsAbove => Volatile.Read(in above);

    /// <summary>λ max/mean of the newest step; NaN before the first. From any thread.</summary>
    public double Latest { get; private set; } = double.NaN;

    /// <summary>Adds a step.</summary>
    /// <param name="at">When it became known [ticks].</param>
    /// <param name="slowest">λ max [s].</param>
    /// <param name="mean">λ mean [s].</param>
    public void Add(long step, long at, double slowest, double mean)
    {
        if (stepsInLast == stepsInPoint || used == 0)
            Open();
        ref Point point = ref points[used - 1];
        (point.Step, point.At) = (step, at);
        point.Slowest += slowest;
        point.Mean += mean;
        stepsInLast++;
        if (mean <= 0)
            return;
        Latest = slowest / mean;
        Volatile.Write(ref above, Latest > Bound ? above + 1 : 0);
    }

    /// <summary>The points so far; those without time are left out.</summary>
    /// <param name="clock">Of the rank that kept them.</param>
    public LoadPoint[] ToArray(ClockAlignment clock) =>
        [.. points.Take(used).Where(point => point.Mean > 0).Select(point => new LoadPoint(point.Step, clock.ToReference(point.At), point.Slowest / point.Mean))];

    private void Open()
    {
        if (used == Most)
            Halve();
        points[used++] = default;
        stepsInLast = 0;
    }

    private void Halve()
    {
        for (int i = 0; i < Most / 2; i++)
        {
            Point first = points[2 * i], second = points[2 * i + 1];
            points[i] = second with { Slowest = first.Slowest + second.Slowest, Mean = first.Mean + second.Mean };
        }
        used = Most / 2;
        stepsInPoint *= 2;
    }
}
