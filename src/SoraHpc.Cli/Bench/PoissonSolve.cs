using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Solvers.Krylov;
using SoraHpc.Solvers.Multigrid;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Cli.Bench;

/// <summary>−∇²u = f on size³ cells of the unit cube, zero on its faces, f scrambled from the cell's number: every frequency is in it.
/// The library's side of tests/peers/poisson_petsc.py.</summary>
internal static class PoissonSolve
{
    /// <summary>Sets up, solves once and then <paramref name="repeats"/> times. Collective.</summary>
    internal static PoissonMeasurement Measure(Communicator communicator, int size, double tolerance, int repeats, Summation summation)
    {
        long begun = Stopwatch.GetTimestamp();
        GridLayout grid = new(communicator, new Extent(size, size, size));
        using StencilOperator matrix = new(grid, Stencil.Laplacian(1.0 / size), StencilBoundary.ZeroOnFace);
        using GeometricMultigrid multigrid = new(matrix);
        using ConjugateGradient solver = new(matrix, multigrid, new SolverOptions { RelativeTolerance = tolerance, Summation = summation });
        using DistributedVector b = new(grid.Vectors), x = new(grid.Vectors), residual = new(grid.Vectors);
        grid.Fill(b, cell => Scrambled((ulong)((cell.Plane * size + cell.Row) * size + cell.Column)));
        SolverResult result = solver.Solve(b, x);
        double setup = Stopwatch.GetElapsedTime(begun).TotalSeconds, best = double.PositiveInfinity;
        for (int i = 0; i < repeats; i++)
        {
            x.Fill(0);
            communicator.Barrier();
            begun = Stopwatch.GetTimestamp();
            result = solver.Solve(b, x);
            communicator.Barrier();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
        matrix.Apply(x, residual);
        residual.Waxpy(b, -1, residual);
        using InnerProducts products = new(communicator, Summation.Plain);
        return new("sora", result.Iterations, setup, best, products.Norm(residual) / products.Norm(b));
    }

    /// <summary>A number in [−1, 1) from a cell's number.</summary>
    /// <remarks>The scrambling is SplitMix64: Steele, Lea and Flood, OOPSLA 2014.</remarks>
    private static double Scrambled(ulong cell)
    {
        ulong bits = (cell + 1) * 0x9E3779B97F4A7C15;
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB;
        return (long)(bits ^ bits >> 31) * (1.0 / (1UL << 63));
    }
}
