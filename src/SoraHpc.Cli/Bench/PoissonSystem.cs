using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Solvers.Krylov;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Cli.Bench;

/// <summary>−∇²u = f on size³ cells of the unit cube, zero on its faces, f scrambled from the cell's number: every frequency is in it.
/// The library's side of tests/peers/poisson_petsc.py.</summary>
internal sealed class PoissonSystem : IDisposable
{
    private readonly Communicator communicator;
    private readonly DistributedVector b, x;

    /// <summary>Collective.</summary>
    internal PoissonSystem(Communicator communicator, int size)
    {
        this.communicator = communicator;
        GridLayout grid = new(communicator, new Extent(size, size, size));
        Matrix = new(grid, Stencil.Laplacian(1.0 / size), StencilBoundary.ZeroOnFace);
        (b, x) = (new(grid.Vectors), new(grid.Vectors));
        grid.Fill(b, cell => Scrambled((ulong)((cell.Plane * size + cell.Row) * size + cell.Column)));
    }

    internal StencilOperator Matrix { get; }

    /// <summary>Solves from zero; returns how long all ranks took [s]. Collective.</summary>
    internal double Solve(IKrylovMethod solver, out int iterations)
    {
        x.Fill(0);
        communicator.Barrier();
        long begun = Stopwatch.GetTimestamp();
        iterations = solver.Solve(b, x).Iterations;
        communicator.Barrier();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>‖b − A·x‖ / ‖b‖ of the last solution, computed anew. Collective.</summary>
    internal double Residual()
    {
        using DistributedVector residual = new(Matrix.Layout);
        Matrix.Apply(x, residual);
        residual.Waxpy(b, -1, residual);
        using InnerProducts products = new(communicator, Summation.Plain);
        return products.Norm(residual) / products.Norm(b);
    }

    public void Dispose()
    {
        foreach (IDisposable mine in (IDisposable[])[Matrix, b, x])
            mine.Dispose();
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
