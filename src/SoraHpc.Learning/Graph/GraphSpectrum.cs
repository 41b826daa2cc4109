using MathNet.Numerics.LinearAlgebra;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Eigen;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Learning.Graph;

/// <summary>Eigenvalues of a graph's Laplacian L = D − A: as many are 0 as it has parts, the next tells how well the parts hang together, the largest
/// is at most twice the largest degree.</summary>
public static class GraphSpectrum
{
    /// <summary>Particles up to which all eigenvalues are computed at once.</summary>
    public const int MostForAll = 2000;

    /// <summary>All eigenvalues, ascending. Local; work grows with the third power of the particles.</summary>
    /// <exception cref="UsageException">More than <see cref="MostForAll"/> particles.</exception>
    public static double[] All(ParticleGraph graph)
    {
        if (graph.Count > MostForAll)
            throw new UsageException($"all eigenvalues of {graph.Count} particles are too many, at most {MostForAll}: ask for the largest");
        Matrix<double> laplacian = Matrix<double>.Build.Dense(graph.Count, graph.Count);
        foreach (Triplet entry in graph.Laplacian(0, graph.Count))
            laplacian[(int)entry.Row, (int)entry.Column] = entry.Value;
        return [.. laplacian.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order()];
    }

    /// <summary>The largest eigenvalues, descending, each once, by the Lanczos method on rows shared out evenly. Collective.</summary>
    /// <param name="communicator">All ranks, each with the whole graph.</param>
    /// <param name="count">How many, ≥ 1.</param>
    /// <param name="options">When it is exact enough.</param>
    /// <exception cref="SoraException">They do not converge.</exception>
    public static double[] Largest(Communicator communicator, ParticleGraph graph, int count, EigenOptions? options = null)
    {
        VectorLayout layout = VectorLayout.Even(communicator, graph.Count);
        using CsrOperator laplacian = new(layout, [.. graph.Laplacian((int)layout.Begin, (int)layout.Begin + layout.LocalLength)]);
        using EigenResult found = Lanczos.Solve(laplacian, count, SpectrumEnd.Largest, options);
        return found.Values;
    }
}
