using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Jobs.Npb.Mg;

/// <summary>
/// The V-cycle. Ranks hold slabs of planes on the fine grids; from the level on where a rank would have less than two planes, every
/// rank has the whole grid and computes all of it, which costs less than the messages would.
/// </summary>
internal sealed class MgCycle : IDisposable
{
    private const int FewestPlanes = 2;

    private readonly Communicator world;
    private readonly MgProblem problem;
    private readonly MgStencil stencil;
    private readonly MgGrid[] u, r;
    private readonly MgGrid v;
    private readonly Request[] requests = new Request[4];
    private readonly ExactSum sum = new();

    internal MgCycle(Communicator world, MgProblem problem)
    {
        (this.world, this.problem) = (world, problem);
        stencil = new(problem.Points);
        int levels = int.Log2(problem.Points);
        (u, r) = (new MgGrid[levels], new MgGrid[levels]);
        for (int level = 0; level < levels; level++)
            (u[level], r[level]) = (Grid(2 << level), Grid(2 << level));
        v = Grid(problem.Points);
    }

    private int Finest => u.Length - 1;

    /// <summary>u = 0, and v as the specification has it. Collective.</summary>
    internal void Start()
    {
        u[Finest].Clear();
        MgCharges.Set(world, v);
    }

    /// <summary>Brings u nearer to the solution of A·u = v, given its residual. Collective.</summary>
    internal void Run()
    {
        for (int level = Finest; level > 0; level--)
            Restrict(level);
        u[0].Clear();
        Smooth(0);
        for (int level = 1; level <= Finest; level++)
        {
            Interpolate(level);
            Residual(level, level == Finest ? v : r[level]);
            Smooth(level);
        }
    }

    /// <summary>The residual of the finest grid: r = v − A·u. Collective.</summary>
    internal void Residual() => Residual(Finest, v);

    /// <summary>√(Σ r²/n³) over all ranks, with the same bits on any number of them: sums of rows are added exactly. Collective.</summary>
    internal double Norm()
    {
        sum.Clear();
        for (int plane = v.First; plane < v.First + v.Planes; plane++)
            for (int row = 0; row < v.Points; row++)
                sum.Add(MgStencil.SquareSum(r[Finest], plane, row));
        return Math.Sqrt(sum.Allreduce(world) / Math.Pow(problem.Points, 3));
    }

    private MgGrid Grid(int points)
    {
        int planes = points / world.Size;
        return planes >= FewestPlanes ? new(points, world.Rank * planes, planes) : new(points, 0, points);
    }

    private void Residual(int level, MgGrid right) => Apply(new ResidualRows(stencil, u[level], right, r[level]), r[level]);

    private void Smooth(int level) => Apply(new SmoothRows(stencil, r[level], u[level], problem.Smoother), u[level]);

    private void Interpolate(int level) => Apply(new InterpolateRows(stencil, u[level - 1], u[level], Add: level == Finest), u[level]);

    private void Restrict(int level)
    {
        RestrictRows rows = new(stencil, r[level], r[level - 1]);
        if (r[level].IsWhole || !r[level - 1].IsWhole)
        {
            Apply(rows, r[level - 1]);
            return;
        }
        int planes = r[level].Planes / 2, first = r[level].First / 2;
        Apply(rows, r[level - 1], first, first + planes);
        r[level - 1].Gather(world, planes);
    }

    // The planes the neighbours wait for come first, and travel while the others are computed.
    private void Apply<TRows>(TRows rows, MgGrid result) where TRows : struct, IMgRows
    {
        int first = result.First, end = first + result.Planes;
        if (result.IsWhole)
        {
            Apply(rows, result, first, end);
            return;
        }
        Apply(rows, result, first, first + 1);
        Apply(rows, result, end - 1, end);
        result.StartExchange(world, requests);
        Apply(rows, result, first + 1, end - 1);
        Request.WaitAll(requests);
    }

    private static void Apply<TRows>(TRows rows, MgGrid result, int begin, int end) where TRows : struct, IMgRows
    {
        for (int plane = begin; plane < end; plane++)
            for (int row = 0; row < result.Points; row++)
                rows.Apply(plane, row);
    }

    public void Dispose()
    {
        stencil.Dispose();
        foreach (MgGrid grid in (MgGrid[])[.. u, .. r, v])
            grid.Dispose();
    }
}
