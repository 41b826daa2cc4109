using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Multigrid;

/// <summary>
/// One V-cycle of geometric multigrid as an approximate inverse of a stencil: cells joined two by two along every dimension, the same
/// differential operator on every grid, Chebyshev smoothing, trilinear interpolation between cell centres and its transpose. Symmetric
/// positive definite, so it preconditions conjugate gradients; its bits do not depend on the number of ranks or the cut.
/// </summary>
/// <remarks>Source: Trottenberg, Oosterlee and Schüller, Multigrid (2001), chapter 2; cell-centred transfer after Wesseling, An Introduction to
/// Multigrid Methods (1992), chapter 5. Small grids are gathered on every rank, which solves them whole: one collective instead of two.</remarks>
public sealed class GeometricMultigrid : IPreconditioner, IDisposable
{
    private readonly IGridLevel finest;

    /// <summary>Sets all grids up. Collective.</summary>
    /// <param name="matrix">Its boundary is <see cref="StencilBoundary.ZeroOnFace"/>, which coarser cells share, or no flux with a positive shift.</param>
    /// <exception cref="UsageException">The grid cannot be joined often enough, or the boundary is not on faces.</exception>
    public GeometricMultigrid(StencilOperator matrix, MultigridOptions? options = null)
    {
        if (matrix.Boundary == StencilBoundary.ZeroBeyond)
            throw new UsageException("multigrid joins cells, so the boundary must lie on their faces: use ZeroOnFace");
        if (matrix.Boundary == StencilBoundary.NoFlux && matrix.Stencil.Shift <= 0)
            throw new UsageException("multigrid without a boundary value needs a positive shift: the matrix is singular");
        finest = IGridLevel.Create(matrix, options ?? new MultigridOptions());
        Layout = matrix.Layout;
    }

    /// <summary>The rows of its vectors.</summary>
    public VectorLayout Layout { get; }

    /// <summary>Grids, the finest and the coarsest included.</summary>
    public int Levels => finest.Depth;

    /// <inheritdoc/>
    public void Apply(DistributedVector r, DistributedVector z) => finest.Solve(r.Fitting(Layout), z.Fitting(Layout));

    /// <summary>Frees all grids but the matrix given. Local.</summary>
    public void Dispose() => finest.Dispose();
}
