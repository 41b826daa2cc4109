using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Krylov;

/// <summary>Follows the residual of one solve and says when to stop. It sees only numbers that are the same on every rank, so all ranks stop together.</summary>
internal sealed class ResidualMonitor
{
    private const double Progress = 0.99;

    private readonly string method;
    private readonly SolverOptions options;
    private readonly DistributedVector b, x;
    private readonly List<double> residuals;
    private readonly double rightHandSide, target;
    private double least = double.PositiveInfinity;
    private int sinceProgress;
    private StopReason? reason;

    /// <param name="rightHandSide">‖b‖₂. Collective when it is not a number.</param>
    internal ResidualMonitor(string method, SolverOptions options, DistributedVector b, DistributedVector x, double rightHandSide)
    {
        (this.method, this.options, this.b, this.x, this.rightHandSide) = (method, options, b, x, rightHandSide);
        target = Math.Max(options.RelativeTolerance * rightHandSide, options.AbsoluteTolerance);
        residuals = new(Math.Min(options.MaxIterations, 1000) + 1);
        if (!double.IsFinite(rightHandSide))
            ThrowNotFinite("‖b‖");
        if (rightHandSide == 0)
            x.Fill(0);                          // the solution; from anywhere else the relative tolerance would never be reached
    }

    internal int Iterations => residuals.Count - 1;

    /// <summary>Takes the residual before the first iteration or after one; true when the solve is over. Collective when it is not a number.</summary>
    internal bool IsOver(double residual)
    {
        residuals.Add(residual);
        if (!double.IsFinite(residual))
            ThrowNotFinite("the residual");
        sinceProgress = residual < Progress * least ? 0 : sinceProgress + 1;
        least = Math.Min(least, residual);
        reason = residual <= target ? StopReason.Converged
            : Iterations >= options.MaxIterations ? StopReason.IterationLimit
            : sinceProgress >= options.StagnationWindow ? StopReason.Stagnated : null;
        return reason is not null;
    }

    /// <summary>A quantity that must be positive for the matrix, or the preconditioner, to be positive definite. Collective when it is not a number.</summary>
    internal void CheckPositive(double quantity, string name, string what)
    {
        if (quantity > 0)
            return;
        if (!double.IsFinite(quantity))
            ThrowNotFinite(name);
        throw new SoraException(string.Create(CultureInfo.InvariantCulture,
            $"{method}, iteration {Iterations + 1}: {name} = {quantity:0.###e0}, so {what} is not positive definite: use GMRES or BiCGSTAB, or check signs and boundary"));
    }

    /// <summary>The method divides by this; true, and the solve is over, when it cannot. Collective when it is not a number.</summary>
    internal bool BreaksDown(double divisor, string name)
    {
        if (!double.IsFinite(divisor))
            ThrowNotFinite(name);
        if (divisor != 0)
            return false;
        reason = StopReason.Breakdown;
        return true;
    }

    /// <summary>The result, or the exception for one that had to converge.</summary>
    internal SolverResult End(string advice)
    {
        SolverResult result = new(method, reason!.Value, Iterations, residuals, rightHandSide);
        return result.HasConverged || !options.MustConverge ? result : throw new ConvergenceException(result, advice);
    }

    // Every rank comes here together: the sum that is not a number is the same on all. So they can agree on where it began.
    private void ThrowNotFinite(string quantity)
    {
        string where = FirstIn(b) is { } ofB ? $"the right-hand side is not finite at {ofB}"
            : FirstIn(x) is { } ofX ? $"the solution is not finite at {ofX}" : "right-hand side and solution are finite, so the matrix or the preconditioner is not, or numbers overflowed";
        throw new SoraException($"{method}, iteration {Math.Max(0, Iterations)}: {quantity} is not finite; {where}");
    }

    private static string? FirstIn(DistributedVector vector)
    {
        VectorLayout layout = vector.Layout;
        ReadOnlySpan<double> local = vector.Local;
        long first = long.MaxValue;
        for (int i = 0; i < local.Length && first == long.MaxValue; i++)
            if (!double.IsFinite(local[i]))
                first = layout.Begin + i;
        first = layout.Communicator.Allreduce(first, ReduceOperation.Min);
        return first == long.MaxValue ? null : $"row {first} (rank {layout.RankOf(first)})";
    }
}
