using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// Vector operations, inner products, sparse and stencil products beside the STREAM triad of the same run, in turn: what part of the
/// memory's bandwidth each reaches. Counted are the bytes that must move, each element once: the triad's own line read before it is
/// written is counted for none.
/// </summary>
internal sealed class KernelsBench : IBenchCommand
{
    private readonly Option<int?> size = CommandOptions.Integer("--size", "Cells along each side of a rank's cube. Default: 192", least: 16, most: 512);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 10", least: 1);

    /// <inheritdoc/>
    public string Name => "kernels";

    /// <inheritdoc/>
    public string Description => "Bandwidth of axpy, inner products, sparse and stencil products beside STREAM.";

    /// <inheritdoc/>
    public string Example => "sora bench kernels --ranks 2 --mpi openmpi";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [size, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        int side = parsed.GetValue(size) ?? 192, times = parsed.GetValue(rounds) ?? 10;
        return launcher.Run(communicator =>
        {
            List<Kernel> kernels = Measure(communicator, side, times);
            if (communicator.IsRoot)
                Print(output, kernels, communicator.Size, side, times);
        });
    }

    private static List<Kernel> Measure(Communicator communicator, int side, int times)
    {
        GridLayout grid = new(communicator, new Extent((long)side * communicator.Size, side, side), communicator.Size, 1);
        int cells = grid.Vectors.LocalLength;
        using DistributedVector x = new(grid.Vectors), y = new(grid.Vectors), z = new(grid.Vectors);
        using StencilOperator seven = new(grid, Stencil.Laplacian(1), StencilBoundary.ZeroBeyond);
        using StencilOperator twentySeven = new(grid, Stencil.TwentySevenPoint(26, -1, -1, -1), StencilBoundary.ZeroBeyond);
        using CsrOperator sparse = SevenPointMatrix(grid);
        using InnerProducts plain = new(communicator, Summation.Plain), exact = new(communicator, Summation.Exact);
        grid.Fill(x, cell => Math.Sin(cell.Plane + 0.3 * cell.Row + 0.7 * cell.Column));
        grid.Fill(y, cell => Math.Cos(cell.Plane - 0.2 * cell.Row + 0.1 * cell.Column));
        List<Kernel> kernels =
        [
            new("STREAM triad", 24.0 * cells, () => MemoryBench.Triad(z.Local, x.Local, y.Local)),
            new("axpy", 24.0 * cells, () => z.Axpy(1e-9, x)),
            new("dot", 16.0 * cells, () => plain.Dot(x, y)),
            new("dot, exact", 16.0 * cells, () => exact.Dot(x, y)),
            new("7-point stencil", 16.0 * cells, () => seven.Apply(x, z)),
            new("27-point stencil", 16.0 * cells, () => twentySeven.Apply(x, z)),
            new("sparse, 7 a row", 12.0 * sparse.Entries + 20.0 * cells, () => sparse.Apply(x, z)),
        ];
        for (int round = -1; round < times; round++)        // the first round maps pages and is not counted
            foreach (Kernel kernel in kernels)
                kernel.Time(communicator, counts: round >= 0);
        return kernels;
    }

    private static CsrOperator SevenPointMatrix(GridLayout grid)
    {
        Extent extent = grid.Extent;
        List<Triplet> entries = new(7 * grid.Vectors.LocalLength);
        long[] steps = [-extent.Rows * extent.Columns, -extent.Columns, -1, 0, 1, extent.Columns, extent.Rows * extent.Columns];
        for (long row = grid.Vectors.Begin; row < grid.Vectors.Begin + grid.Vectors.LocalLength; row++)
            foreach (long step in steps)
                if (row + step >= 0 && row + step < grid.Vectors.Length)
                    entries.Add(new(row, row + step, step == 0 ? 6 : -1));
        return new(grid.Vectors, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entries));
    }

    private static void Print(TextWriter output, List<Kernel> kernels, int ranks, int side, int times)
    {
        double triad = kernels[0].BytesPerSecond * ranks;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{side}³ cells on each of {ranks} rank(s), best of {times} in turn"));
        foreach (Kernel kernel in kernels)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kernel.Name,-18} {kernel.BytesPerSecond * ranks / 1e9,7:0.0} GB/s   {kernel.BytesPerSecond * ranks / triad,5:0.00} of STREAM   {kernel.Allocated} B allocated"));
    }

    private sealed class Kernel(string name, double bytes, Action run)
    {
        private double best = double.PositiveInfinity;

        internal string Name => name;
        internal double BytesPerSecond => bytes / best;
        internal long Allocated { get; private set; }

        internal void Time(Communicator communicator, bool counts)
        {
            communicator.Barrier();
            long allocated = GC.GetAllocatedBytesForCurrentThread(), begun = Stopwatch.GetTimestamp();
            run();
            long ended = GC.GetAllocatedBytesForCurrentThread();
            communicator.Barrier();             // ranks that take turns on one core must not count as if they ran side by side
            double seconds = communicator.Allreduce(Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Max);
            if (!counts)
                return;
            best = Math.Min(best, seconds);
            Allocated += ended - allocated;
        }
    }
}
