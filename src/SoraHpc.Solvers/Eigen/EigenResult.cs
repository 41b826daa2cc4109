using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Eigen;

/// <summary>Eigenvalues with their vectors; whoever gets it disposes the vectors.</summary>
/// <param name="Values">In the order asked for: from the end of the spectrum inwards. The same on every rank.</param>
/// <param name="Vectors">Of length one.</param>
/// <param name="Residuals">‖A·v − λ·v‖₂ of each.</param>
/// <param name="Iterations">Iterations made.</param>
public sealed record EigenResult(double[] Values, DistributedVector[] Vectors, double[] Residuals, int Iterations) : IDisposable
{
    /// <summary>Frees the vectors. Local.</summary>
    public void Dispose()
    {
        foreach (DistributedVector vector in Vectors)
            vector.Dispose();
    }
}
