using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Solvers.Krylov;
using SoraHpc.Solvers.Multigrid;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Cli.Bench;

/// <summary>The Poisson equation with each of several smoothers, in turn, round after round: what the default of <see cref="MultigridOptions"/> is chosen by.</summary>
internal static class PoissonSmoothing
{
    private static readonly int[] Degrees = [1, 2, 3];
    private static readonly double[] Ranges = [4, 6, 8, 12];

    /// <summary>One round that does not count, then <paramref name="rounds"/>; a line a smoother on rank 0. Collective.</summary>
    internal static void Run(Communicator communicator, int size, double tolerance, int rounds, Summation summation, TextWriter output)
    {
        using PoissonSystem system = new(communicator, size);
        MultigridOptions[] smoothers = [.. from degree in Degrees from range in Ranges select new MultigridOptions { Degree = degree, SmoothingRange = range }];
        GeometricMultigrid[] cycles = [.. smoothers.Select(smoother => new GeometricMultigrid(system.Matrix, smoother))];
        Chosen chosen = new();
        using ConjugateGradient solver = new(system.Matrix, chosen, new SolverOptions { RelativeTolerance = tolerance, Summation = summation });
        int[] iterations = new int[smoothers.Length];
        double[] best = new double[smoothers.Length];
        for (int round = 0; round <= rounds; round++)
            for (int i = 0; i < smoothers.Length; i++)
            {
                chosen.Cycle = cycles[i];
                double seconds = system.Solve(solver, out iterations[i]);
                best[i] = round <= 1 ? seconds : Math.Min(best[i], seconds);
            }
        foreach (GeometricMultigrid cycle in cycles)
            cycle.Dispose();
        if (!communicator.IsRoot)
            return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size}³ cells on {communicator.Size} rank{(communicator.Size == 1 ? "" : "s")}; best of {rounds} rounds in turn"));
        output.WriteLine("  degree   range   iterations   solve [s]");
        for (int i = 0; i < smoothers.Length; i++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {smoothers[i].Degree,6} {smoothers[i].SmoothingRange,7} {iterations[i],12} {best[i],11:0.000}"));
    }

    // One solver for all, so that each finds its vectors in the same memory.
    private sealed class Chosen : IPreconditioner
    {
        internal GeometricMultigrid? Cycle { get; set; }

        public void Apply(DistributedVector r, DistributedVector z) => Cycle!.Apply(r, z);
    }
}
