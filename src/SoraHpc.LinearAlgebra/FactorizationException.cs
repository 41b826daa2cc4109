namespace SoraHpc.LinearAlgebra;

/// <summary>A matrix has no factorisation of the kind asked for: not positive definite, singular, or an iteration that does not converge.</summary>
/// <remarks>An <see cref="ArgumentException"/>, because that is what MathNet's own provider throws for a matrix that is not positive definite.</remarks>
public sealed class FactorizationException(string message, int pivot) : ArgumentException(message)
{
    /// <summary>Row and column, from 0, at which it failed; −1 where there is none.</summary>
    public int Pivot { get; } = pivot;
}
