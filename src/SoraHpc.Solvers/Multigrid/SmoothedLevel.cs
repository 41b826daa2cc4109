using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Multigrid;

/// <summary>A grid that is smoothed before and after the coarser one corrects it.</summary>
// Memory traffic at degree 3 in vectors of this grid: smoothing from zero 5 (the first two steps are one polynomial in A), residual 3, restriction 1,
// correction 2, three more steps 9.
internal sealed class SmoothedLevel : IGridLevel
{
    private readonly StencilOperator matrix;
    private readonly StencilOperator coarseMatrix;
    private readonly IGridLevel coarser;
    private readonly GridTransfer transfer;
    private readonly DistributedVector work, coarseResidual, correction;
    private readonly double[] steps;
    private readonly Stencil fromZero, residual;
    private readonly Stencil[] smoothing;

    internal SmoothedLevel(StencilOperator matrix, MultigridOptions options)
    {
        this.matrix = matrix;
        Stencil stencil = matrix.Stencil;
        double largest = stencil.LargestEigenvalueBound;
        steps = ChebyshevPolynomial.Steps(largest / options.SmoothingRange, largest, options.Degree);
        smoothing = [.. steps.Select(step => stencil.Polynomial(1, -step))];
        residual = stencil.Polynomial(0, -1);
        // x₁ = γ₁·b, x₂ = x₁ + γ₂·(b − A·x₁) = (γ₁ + γ₂)·b − γ₁·γ₂·A·b
        fromZero = steps.Length > 1 ? stencil.Polynomial(steps[0] + steps[1], -steps[0] * steps[1]) : stencil.Polynomial(steps[0], 0);
        coarseMatrix = new(matrix.Grid.Coarsened(), stencil.Coarsened(), matrix.Boundary);
        coarser = IGridLevel.Create(coarseMatrix, options);
        (work, coarseResidual, correction) = (new(matrix.Layout), new(coarseMatrix.Layout), new(coarseMatrix.Layout));
        transfer = new(matrix.Grid, coarseMatrix.Grid, matrix.Boundary);
    }

    /// <inheritdoc/>
    public int Depth => 1 + coarser.Depth;

    /// <inheritdoc/>
    public void Solve(DistributedVector b, DistributedVector x)
    {
        // Steps write from one vector into the other; the last must end in x.
        int exchanges = Math.Max(0, steps.Length - 2) + steps.Length;
        (DistributedVector now, DistributedVector next) = exchanges % 2 == 0 ? (x, work) : (work, x);
        matrix.Combine(fromZero, b, 0, null, now);
        for (int i = 2; i < steps.Length; i++)
            Step(i, b, ref now, ref next);
        matrix.Combine(residual, now, 1, b, next);
        transfer.Restrict(next, coarseResidual);
        coarser.Solve(coarseResidual, correction);
        transfer.Correct(correction, now);
        for (int i = steps.Length - 1; i >= 0; i--)
            Step(i, b, ref now, ref next);
    }

    private void Step(int i, DistributedVector b, ref DistributedVector now, ref DistributedVector next)
    {
        matrix.Combine(smoothing[i], now, steps[i], b, next);
        (now, next) = (next, now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable mine in (IDisposable[])[coarser, coarseMatrix, transfer, work, coarseResidual, correction])
            mine.Dispose();
    }
}
