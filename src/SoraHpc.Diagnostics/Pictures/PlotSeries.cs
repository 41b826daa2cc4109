namespace SoraHpc.Diagnostics.Pictures;

/// <summary>One line of a <see cref="LinePlot"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="X">Abscissae, in order.</param>
/// <param name="Y">Ordinates, same length; the line is broken where one is not finite (or not positive on a logarithmic axis).</param>
/// <param name="Markers">Whether the points are marked: yes for few, no for many.</param>
public sealed record PlotSeries(string Name, double[] X, double[] Y, bool Markers = false);
