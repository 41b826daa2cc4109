namespace SoraHpc.Diagnostics.Pictures;

/// <summary>One row of an <see cref="IntervalPlot"/>.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">The estimate, finite.</param>
/// <param name="Low">Lower end of its interval; NaN where it has none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Note">Words at the right of the row.</param>
public sealed record PlotInterval(string Name, double Value, double Low, double High, string Note);
