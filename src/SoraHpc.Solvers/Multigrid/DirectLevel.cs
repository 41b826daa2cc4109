using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Multigrid;

/// <summary>The coarsest grid, held whole and solved directly.</summary>
internal sealed class DirectLevel : IGridLevel
{
    private readonly BandedCholesky factor;

    internal DirectLevel(StencilOperator matrix) => factor = new(matrix);

    /// <inheritdoc/>
    public int Depth => 1;

    /// <inheritdoc/>
    public void Solve(DistributedVector b, DistributedVector x) => factor.Solve(b.Local, x.Local);

    /// <inheritdoc/>
    public void Dispose() { }
}
