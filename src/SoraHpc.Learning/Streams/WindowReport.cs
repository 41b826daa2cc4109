namespace SoraHpc.Learning.Streams;

/// <summary>What the numbers of a column were like in a window that is over; the same on every rank.</summary>
/// <param name="Column">Which.</param>
/// <param name="Span">Which windows.</param>
/// <param name="End">Where it ends; it begins <see cref="WindowSpan.Size"/> before.</param>
/// <param name="Moments">Of its numbers, missing ones left out.</param>
/// <param name="Quantiles">As asked for.</param>
public sealed record WindowReport(string Column, WindowSpan Span, double End, Moments Moments, IReadOnlyList<double> Quantiles);
