using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.Providers.LinearAlgebra;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Solvers.Dense;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// Product, LU and Cholesky of dense matrices: by the local library alone on one rank, over one rank, and over all of them, one thread each. All
/// take turns, and the best of several rounds counts.
/// </summary>
internal sealed class DenseBench : IBenchCommand
{
    private readonly Option<int?> order = CommandOptions.Integer("--order", "Rows and columns of the matrices. Default: 4096", least: 1, most: 1 << 20);
    private readonly Option<int?> block = CommandOptions.Integer("--block", $"Rows and columns of a block. Default: {BlockCyclicMatrix.DefaultBlock}", least: 1, most: 4096);
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", "Rows of ranks. Default: as near to a square as can be", least: 1);
    private readonly Option<string?> blas = CommandOptions.Text("--blas", "auto, mkl, openblas, blis, system, managed or a path. Default: SORA_BLAS, else auto, as rank 0 finds it", "LIBRARY");
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 3", least: 1);

    /// <inheritdoc/>
    public string Name => "dense";

    /// <inheritdoc/>
    public string Description => "Product, LU and Cholesky of dense matrices over ranks, beside the local library.";

    /// <inheritdoc/>
    public string Example => "sora bench dense --ranks 2 --mpi openmpi";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [order, block, rows, blas, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output) => launcher.Run(world =>
    {
        BlasLibrary library = SameLibrary.Load(world, BlasChoice.Options(parsed.GetValue(blas)).Library);
        using RankGrid grid = new(world, library, parsed.GetValue(rows) ?? 0);
        int n = parsed.GetValue(order) ?? 4096, width = parsed.GetValue(block) ?? BlockCyclicMatrix.DefaultBlock, count = parsed.GetValue(rounds) ?? 3;
        double[,] best = Measure(world, grid, library, n, width, count);
        if (world.IsRoot)
            Print(output, library, grid, n, width, count, best);
    });

    /// <summary>Best seconds of product, LU and Cholesky: by the library, over one rank, over all.</summary>
    private static double[,] Measure(Communicator world, RankGrid grid, BlasLibrary library, int n, int block, int rounds)
    {
        using RankGrid? alone = world.IsRoot ? new(world.Self(), library) : null;
        double[,] best = new double[3, 3];
        for (int round = 0; round < rounds; round++)
        {
            if (alone is not null)
            {
                Keep(best, 0, Local(library, n));
                Keep(best, 1, Over(alone, world.Self(), n, block));
            }
            world.Barrier();
            Keep(best, 2, Over(grid, world, n, block));
        }
        return best;
    }

    private static void Keep(double[,] best, int side, double[] seconds)
    {
        for (int i = 0; i < seconds.Length; i++)
            best[i, side] = best[i, side] > 0 ? Math.Min(best[i, side], seconds[i]) : seconds[i];
    }

    private static double[] Local(BlasLibrary library, int n)
    {
        _ = MathNetProvider.Use(library);
        ILinearAlgebraProvider<double> provider = LinearAlgebraControl.Provider;
        double[] a = new double[n * n], b = new double[n * n], c = new double[n * n];
        new RandomSequence(1).FillUniform(0, a);
        new RandomSequence(2).FillUniform(0, b);
        double product = Time(() => provider.MatrixMultiply(a, n, n, b, n, n, c));
        double lu = Time(() => provider.LUFactor(a, n, new int[n]));
        for (int i = 0; i < n; i++)
            b[i * n + i] = n;
        return [product, lu, Time(() => provider.CholeskyFactor(b, n))];
    }

    private static double[] Over(RankGrid grid, Communicator ranks, int n, int block)
    {
        using BlockCyclicMatrix a = new(grid, n, n, block), b = new(grid, n, n, block), c = new(grid, n, n, block);
        // What a rank holds is random and need not be the same for another grid; a heavy diagonal makes it definite, and does not spare LU its pivots.
        new RandomSequence(1, (ulong)ranks.Rank).FillUniform(0, a.Local);
        new RandomSequence(2, (ulong)ranks.Rank).FillUniform(0, b.Local);
        c.Local.Clear();
        double product = Time(ranks, () => MatrixProduct.Multiply(1, a, b, 0, c)), lu = Time(ranks, () => LuFactors.Factor(a));
        for (int j = 0; j < b.LocalColumns; j++)
            for (int i = 0; i < b.LocalRows; i++)
                if (b.RowAt(i) == b.ColumnAt(j))
                    b.Local[j * b.Leading + i] = n;
        return [product, lu, Time(ranks, () => CholeskyFactor.Factor(b))];
    }

    // From all ranks ready to all ranks done.
    private static double Time(Communicator ranks, Action action)
    {
        ranks.Barrier();
        return ranks.Allreduce(Time(action), ReduceOperation.Max);
    }

    private static double Time(Action action)
    {
        long begun = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static void Print(TextWriter output, BlasLibrary library, RankGrid grid, int n, int block, int rounds, double[,] best)
    {
        int ranks = grid.Rows * grid.Columns;
        output.WriteLine(library);
        output.WriteLine($"order {n}, blocks of {block}, {grid}, one thread each; best of {rounds}, in turn");
        output.WriteLine($"            library [GF/s]   1 rank   {ranks} ranks   1 rank/library   efficiency 1 to {ranks}   a rank/product of the library");
        (string Name, double Flops)[] kernels = [("product", 2), ("LU", 2.0 / 3), ("Cholesky", 1.0 / 3)];
        double peak = 2.0 * n * n * n / best[0, 0];
        for (int i = 0; i < kernels.Length; i++)
        {
            double flops = kernels[i].Flops * n * n * n;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {kernels[i].Name,-9} {flops / best[i, 0] / 1e9,14:0.0} {flops / best[i, 1] / 1e9,8:0.0} {flops / best[i, 2] / 1e9,9:0.0} {best[i, 0] / best[i, 1],16:0.00} {best[i, 1] / best[i, 2] / ranks,19:P0} {flops / best[i, 2] / ranks / peak,31:0.00}"));
        }
        output.Flush();
    }
}
