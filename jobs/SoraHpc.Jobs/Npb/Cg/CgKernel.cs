using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Cg;

/// <summary>
/// Conjugate gradient: the smallest eigenvalue of a large sparse matrix with a random pattern, by inverse iteration. Ranks hold rows.
/// </summary>
/// <remarks>Source: RNR-94-007, section 2.4.</remarks>
public sealed class CgKernel : INpbKernel
{
    /// <inheritdoc/>
    public string Name => "CG";

    /// <inheritdoc/>
    public string? Refusal(NpbClass problem, int ranks)
    {
        int most = (CgProblem.Of(problem).Rows + CgDot.Block - 1) / CgDot.Block;
        return ranks <= most ? null : $"CG class {problem} runs on up to {most} ranks, not on {ranks}";
    }

    /// <inheritdoc/>
    public long BytesPerRank(NpbClass problem, int ranks)
    {
        CgProblem sizes = CgProblem.Of(problem);
        long vectors = sizes.NonZeros + 1, rows = sizes.Rows, own = rows / ranks + CgDot.Block;
        // Elements with those that fill up rows; the sparse vectors and which of them are in a row; a row's workspace and seven vectors.
        return 12 * own * (vectors * vectors + CgMatrix.Unit) + 16 * rows * vectors + 8 * rows * 5 + 8 * own * 6;
    }

    /// <inheritdoc/>
    public NpbResult Run(Communicator world, NpbClass problem)
    {
        CgProblem sizes = CgProblem.Of(problem);
        using CgSolver solver = new(world, sizes);
        double[] x = new double[solver.Solution.Length];
        Array.Fill(x, 1);
        Iterate(solver, x, sizes.Shift);

        Array.Fill(x, 1);
        double zeta = 0;
        NpbClock clock = NpbClock.Start(world);
        for (int iteration = 0; iteration < sizes.Iterations; iteration++)
            zeta = Iterate(solver, x, sizes.Shift);
        double seconds = clock.Stop();

        return new(Name, problem, $"{sizes.Rows} rows", sizes.Iterations, world.Size, seconds, sizes.Operations, [new("zeta", zeta, sizes.Zeta, 1e-10)]);
    }

    // Solves A·z = x, estimates the eigenvalue, and takes z at length 1 for the next x.
    private static double Iterate(CgSolver solver, Span<double> x, double shift)
    {
        solver.Solve(x);
        ReadOnlySpan<double> z = solver.Solution;
        double zeta = shift + 1 / solver.Dot(x, z), scale = 1 / Math.Sqrt(solver.Dot(z, z));
        for (int i = 0; i < x.Length; i++)
            x[i] = scale * z[i];
        return zeta;
    }
}
