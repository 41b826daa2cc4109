using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Operators;

/// <summary>A square matrix of which only the product with a vector is known.</summary>
public interface ILinearOperator
{
    /// <summary>The rows of both vectors.</summary>
    VectorLayout Layout { get; }

    /// <summary>y = A·x. The bits of y do not depend on how the rows are cut. <paramref name="y"/> is not <paramref name="x"/>. Collective.</summary>
    void Apply(DistributedVector x, DistributedVector y);

    /// <summary>The diagonal of A. Local.</summary>
    void Diagonal(DistributedVector diagonal);
}
