using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Solvers.Krylov;
using SoraHpc.Solvers.Multigrid;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Cli.Bench;

/// <summary>The Poisson equation as the library solves it by default.</summary>
internal static class PoissonSolve
{
    /// <summary>Sets up, solves once and then <paramref name="repeats"/> times. Collective.</summary>
    internal static PoissonMeasurement Measure(Communicator communicator, int size, double tolerance, int repeats, Summation summation)
    {
        long begun = Stopwatch.GetTimestamp();
        using PoissonSystem system = new(communicator, size);
        using GeometricMultigrid multigrid = new(system.Matrix);
        using ConjugateGradient solver = new(system.Matrix, multigrid, new SolverOptions { RelativeTolerance = tolerance, Summation = summation });
        _ = system.Solve(solver, out int iterations);
        double setup = Stopwatch.GetElapsedTime(begun).TotalSeconds, best = double.PositiveInfinity;
        for (int i = 0; i < repeats; i++)
            best = Math.Min(best, system.Solve(solver, out iterations));
        return new("sora", iterations, setup, best, system.Residual());
    }
}
