using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Krylov;

/// <summary>An iterative solver for one matrix, with its working vectors; used for any number of right-hand sides.</summary>
public interface IKrylovMethod : IDisposable
{
    /// <summary>Solves A·x = b, beginning with the <paramref name="x"/> given. Collective.</summary>
    /// <exception cref="ConvergenceException">It stagnated, broke down or used up its iterations, and the options say it must converge.</exception>
    /// <exception cref="Diagnostics.SoraException">A number is not one, or the matrix is not what the method needs.</exception>
    SolverResult Solve(DistributedVector b, DistributedVector x);
}
