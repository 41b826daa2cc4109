namespace SoraHpc.Diagnostics.Tracing;

/// <summary>A span that ends with its block; nothing without a tracer.</summary>
public readonly ref struct TraceScope : IDisposable
{
    private readonly Tracer? tracer;
    private readonly TraceMark mark;
    private readonly RankActivity activity;

    private TraceScope(Tracer? tracer, RankActivity activity) =>
        (this.tracer, this.activity, mark) = (tracer, activity, tracer?.Begin(activity) ?? default);

    /// <summary>Begins it.</summary>
    public static TraceScope Of(Tracer? tracer, RankActivity activity) => new(tracer, activity);

    /// <summary>Ends it.</summary>
    public void Dispose() => tracer?.End(mark, activity);
}
