using System.Numerics;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Cg;

/// <summary>Conjugate gradients on the rows of all ranks. Vectors are this rank's part of them; only the direction is gathered whole, once a step.</summary>
internal sealed class CgSolver : IDisposable
{
    private readonly Communicator world;
    private readonly int[] shares;
    private readonly CgMatrix matrix;
    private readonly CgDot dot;
    private readonly AlignedBuffer<double> whole, direction, product, residual, solution;

    internal CgSolver(Communicator world, CgProblem problem)
    {
        this.world = world;
        dot = new(world);
        shares = Shares(problem, world.Size);
        int begin = shares[..world.Rank].Sum(), own = shares[world.Rank];
        matrix = new(problem, begin, begin + own);
        (direction, product, residual, solution) = (new(own), new(own), new(own), new(own));
        whole = world.Size == 1 ? direction : new(problem.Rows);
    }

    /// <summary>z after <see cref="Solve"/>: this rank's part.</summary>
    internal ReadOnlySpan<double> Solution => solution.GetSpan();

    /// <summary>Rows of every rank: whole blocks of <see cref="CgDot"/>, the last one cut where the matrix ends.</summary>
    internal static int[] Shares(CgProblem problem, int ranks)
    {
        int blocks = (problem.Rows + CgDot.Block - 1) / CgDot.Block;
        return [.. Enumerable.Range(0, ranks).Select(rank =>
        {
            (long begin, long end) = EvenCut.Of(blocks, ranks, rank);
            return (int)(Math.Min(end * CgDot.Block, problem.Rows) - begin * CgDot.Block);
        })];
    }

    /// <summary>Inner product over all ranks. Collective.</summary>
    internal double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => dot.Of(a, b);

    /// <summary>25 steps towards A·z = x from z = 0; returns ‖x − A·z‖. Collective.</summary>
    internal double Solve(ReadOnlySpan<double> x)
    {
        Span<double> p = direction.GetSpan(), q = product.GetSpan(), r = residual.GetSpan(), z = solution.GetSpan();
        z.Clear();
        x.CopyTo(r);
        x.CopyTo(p);
        double rho = Dot(r, r);
        for (int step = 0; step < CgProblem.Steps; step++)
        {
            Multiply(p, q);
            double alpha = rho / Dot(p, q), before = rho;
            Add(z, alpha, p);
            Add(r, -alpha, q);
            rho = Dot(r, r);
            Scale(p, rho / before, r);
        }
        z.CopyTo(p);
        Multiply(p, q);
        x.CopyTo(r);
        Add(r, -1, q);
        return Math.Sqrt(Dot(r, r));
    }

    // q = A·p; what the other ranks have of p is fetched first.
    private void Multiply(ReadOnlySpan<double> p, Span<double> q)
    {
        if (world.Size > 1)
            world.Allgatherv<double>(p, whole.GetSpan(), shares);
        CgProduct.Multiply(matrix, whole.GetSpan(), q);
    }

    // y += a·x
    private static void Add(Span<double> y, double a, ReadOnlySpan<double> x)
    {
        int i = 0;
        for (; i <= y.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(y[i..]) + a * new Vector<double>(x[i..])).CopyTo(y[i..]);
        for (; i < y.Length; i++)
            y[i] += a * x[i];
    }

    // y = x + a·y
    private static void Scale(Span<double> y, double a, ReadOnlySpan<double> x)
    {
        int i = 0;
        for (; i <= y.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(x[i..]) + a * new Vector<double>(y[i..])).CopyTo(y[i..]);
        for (; i < y.Length; i++)
            y[i] = x[i] + a * y[i];
    }

    public void Dispose()
    {
        matrix.Dispose();
        foreach (AlignedBuffer<double> buffer in (AlignedBuffer<double>[])[whole, direction, product, residual, solution])
            ((IDisposable)buffer).Dispose();
    }
}
