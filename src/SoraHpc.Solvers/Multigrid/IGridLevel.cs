using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Multigrid;

/// <summary>One grid of a V-cycle and all below it.</summary>
internal interface IGridLevel : IDisposable
{
    // A banded factor larger than this means that the grid could not be joined often enough.
    private const long LargestFactor = 8 << 20;

    /// <summary>Grids from here down.</summary>
    int Depth { get; }

    /// <summary>x ≈ A⁻¹·b, from x = 0. Collective.</summary>
    void Solve(DistributedVector b, DistributedVector x);

    /// <summary>The level for a matrix: smoothed, gathered on every rank, or solved directly.</summary>
    static IGridLevel Create(StencilOperator matrix, MultigridOptions options)
    {
        GridLayout grid = matrix.Grid;
        bool isWhole = grid.Communicator.Size == 1;
        bool divides = grid.Extent.Planes % 2 == 0 && grid.Extent.Rows % 2 == 0 && grid.Extent.Columns % 2 == 0 && grid.Extent.Cells > options.DirectBelow;
        if (!isWhole && (grid.Extent.Cells <= options.WholeBelow || !divides || !grid.CanCoarsen))
            return new GatheredLevel(matrix, options);
        if (divides)
            return new SmoothedLevel(matrix, options);
        if (BandedCholesky.EntriesFor(grid.Extent) > LargestFactor)
            throw new UsageException($"multigrid cannot join the cells of a grid of {grid.Extent} any further, and it is too large to solve directly: make its sides a power of two times a small number");
        return new DirectLevel(matrix);
    }
}
