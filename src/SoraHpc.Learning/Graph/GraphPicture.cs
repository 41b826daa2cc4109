using SoraHpc.Diagnostics.Pictures;

namespace SoraHpc.Learning.Graph;

/// <summary>A graph's degrees and spectrum as SVG: how many particles have how many neighbours, and the Laplacian's eigenvalues. Local.</summary>
public static class GraphPicture
{
    /// <summary>Particles over their number of neighbours.</summary>
    public static string Degrees(ParticleGraph graph, string title)
    {
        (int Degree, int Count)[] bars = [.. Enumerable.Range(0, graph.Count).CountBy(graph.DegreeOf).Select(pair => (pair.Key, pair.Value)).OrderBy(bar => bar.Key)];
        return LinePlot.Draw([new("particles", [.. bars.Select(bar => (double)bar.Degree)], [.. bars.Select(bar => (double)bar.Count)], Markers: true)],
            new LinePlotOptions { Title = title, Subtitle = $"{graph}", XLabel = "neighbours", YLabel = "particles" });
    }

    /// <summary>Eigenvalues in ascending order, over the share of them that is smaller.</summary>
    /// <param name="eigenvalues">As <see cref="GraphSpectrum.All"/> gives them.</param>
    public static string Spectrum(ParticleGraph graph, double[] eigenvalues, string title) =>
        LinePlot.Draw([new("eigenvalues", [.. Enumerable.Range(0, eigenvalues.Length).Select(i => (i + 0.5) / eigenvalues.Length)], eigenvalues)],
            new LinePlotOptions { Title = title, Subtitle = $"{graph}; Laplacian", XLabel = "share of eigenvalues that are smaller", YLabel = "eigenvalue" });
}
