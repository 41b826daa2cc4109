using System.Numerics;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Mg;

/// <summary>Multigrid: V-cycles for a Poisson equation on a periodic cube with twenty point charges. Ranks hold slabs.</summary>
/// <remarks>Source: RNR-94-007, section 2.3.</remarks>
public sealed class MgKernel : INpbKernel
{
    // Operations a point and iteration the specification counts, all levels included.
    private const double OperationsPerPoint = 58;

    /// <inheritdoc/>
    public string Name => "MG";

    /// <inheritdoc/>
    public string? Refusal(NpbClass problem, int ranks) => BitOperations.IsPow2(ranks) && ranks <= MgProblem.Of(problem).Points / 2 ? null
        : $"MG class {problem} runs on a power of two of ranks up to {MgProblem.Of(problem).Points / 2}, not on {ranks}";

    /// <inheritdoc/>
    public long BytesPerRank(NpbClass problem, int ranks)
    {
        long points = MgProblem.Of(problem).Points, finest = 8 * points * (points + 16) * (points / ranks + 2);
        // u, v and r of the finest grid; the coarser ones together are a seventh of u and r, but where every rank has them all, up to 2 planes a rank.
        return 3 * finest + 2 * finest / 4 + 2 * 8L * ranks * ranks * (ranks + 16);
    }

    /// <inheritdoc/>
    public NpbResult Run(Communicator world, NpbClass problem)
    {
        MgProblem sizes = MgProblem.Of(problem);
        using MgCycle cycle = new(world, sizes);
        cycle.Start();
        cycle.Residual();
        cycle.Run();
        cycle.Residual();
        cycle.Norm();
        cycle.Start();

        NpbClock clock = NpbClock.Start(world);
        cycle.Residual();
        cycle.Norm();
        for (int iteration = 0; iteration < sizes.Iterations; iteration++)
        {
            cycle.Run();
            cycle.Residual();
        }
        double norm = cycle.Norm(), seconds = clock.Stop();

        double operations = OperationsPerPoint * sizes.Iterations * Math.Pow(sizes.Points, 3);
        return new(Name, problem, $"{sizes.Points} × {sizes.Points} × {sizes.Points}", sizes.Iterations, world.Size, seconds, operations, [new("norm of the residual", norm, sizes.Norm, 1e-8)]);
    }
}
