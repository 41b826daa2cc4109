using System.Numerics;
using System.Runtime.InteropServices;
using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Decomposition;
using SoraHpc.Solvers.Fft;

namespace SoraHpc.Jobs.Npb.Ft;

/// <summary>
/// A diffusion equation solved by transforms: a random field is transformed once; then, for each time t, its spectrum times
/// exp(−4π²α·k²·t) is transformed back and 1024 points of the result are summed.
/// </summary>
/// <remarks>The exponential is a product of one along each dimension, so it is applied while the inverse transform reads its lines and
/// the spectrum itself is never written again. Source: RNR-94-007, section 2.7.</remarks>
public sealed class FtKernel : INpbKernel
{
    private const double Alpha = 1e-6, Tolerance = 1e-12;
    private const int ChecksumPoints = 1024;

    /// <inheritdoc/>
    public string Name => "FT";

    /// <inheritdoc/>
    public string? Refusal(NpbClass problem, int ranks) => MostRanks(FtProblem.Of(problem)) is var most && ranks <= most ? null
        : $"FT class {problem} can be split over up to {most} ranks, not over {ranks}";

    // The field, the spectrum, and on several ranks what is sent and received.
    /// <inheritdoc/>
    public long BytesPerRank(NpbClass problem, int ranks) => (ranks == 1 ? 2 : 4) * 16 * (FtProblem.Of(problem).Points / ranks + 1);

    /// <inheritdoc/>
    public NpbResult Run(Communicator world, NpbClass problem)
    {
        FtProblem sizes = FtProblem.Of(problem);
        using DistributedFft fft = new(world, new Extent(sizes.Planes, sizes.Rows, sizes.Columns));
        using AlignedBuffer<Complex> field = new((int)fft.Field.Cells), spectrum = new((int)fft.Spectrum.Cells);
        FtStep step = new(fft, sizes, Alpha);
        Fill(sizes, fft.Field, field.GetSpan());
        fft.Forward(field.GetSpan(), spectrum.GetSpan());
        step.Run(1, spectrum.GetSpan(), field.GetSpan());      // untimed, as the first transform is: it maps pages and compiles

        ExactSum re = new(), im = new();
        Complex[] checksums = new Complex[sizes.Iterations];
        NpbClock clock = NpbClock.Start(world);
        Fill(sizes, fft.Field, field.GetSpan());
        fft.Forward(field.GetSpan(), spectrum.GetSpan());
        for (int t = 1; t <= sizes.Iterations; t++)
        {
            step.Run(t, spectrum.GetSpan(), field.GetSpan());
            checksums[t - 1] = Checksum(world, sizes, fft.Field, field.GetSpan(), re, im);
        }
        double seconds = clock.Stop();
        return new(Name, problem, $"{sizes.Columns} × {sizes.Rows} × {sizes.Planes}", sizes.Iterations, world.Size, seconds, Operations(sizes), Check(sizes, checksums));
    }

    // The one sequence, real and imaginary parts in turn, columns fastest: this rank's share starts where the numbers before it end.
    private static void Fill(FtProblem sizes, Block block, Span<Complex> field)
    {
        int row = sizes.Columns;
        for (long plane = block.Begin.Plane; plane < block.End.Plane; plane++)
        {
            NpbRandom random = new(NpbRandom.Seed);
            random.Skip(2UL * (ulong)((plane * sizes.Rows + block.Begin.Row) * row));
            random.Fill(MemoryMarshal.Cast<Complex, double>(field.Slice((int)((plane - block.Begin.Plane) * block.Rows * row), (int)block.Rows * row)));
        }
    }

    // The sums are exact, so they have the same bits on any number of ranks.
    private static Complex Checksum(Communicator world, FtProblem sizes, Block block, ReadOnlySpan<Complex> field, ExactSum re, ExactSum im)
    {
        re.Clear();
        im.Clear();
        for (int j = 1; j <= ChecksumPoints; j++)
        {
            Cell cell = new(5 * j % sizes.Planes, 3 * j % sizes.Rows, j % sizes.Columns);
            if (!block.Contains(cell))
                continue;
            Cell at = cell - block.Begin;
            Complex value = field[(int)((at.Plane * block.Rows + at.Row) * block.Columns + at.Column)];
            re.Add(value.Real);
            im.Add(value.Imaginary);
        }
        return new(re.Allreduce(world), im.Allreduce(world));
    }

    private static NpbQuantity[] Check(FtProblem sizes, Complex[] computed) =>
        [.. computed.SelectMany((checksum, t) => (NpbQuantity[])[
            new($"Re checksum {t + 1}", checksum.Real, sizes.Checksums[t].Real, Tolerance),
            new($"Im checksum {t + 1}", checksum.Imaginary, sizes.Checksums[t].Imaginary, Tolerance)])];

    // As the suite's programs count them.
    private static double Operations(FtProblem sizes)
    {
        double points = sizes.Points, log = Math.Log(points);
        return points * (14.8157 + 7.19641 * log + (5.23518 + 7.21113 * log) * sizes.Iterations);
    }

    private static int MostRanks(FtProblem sizes) => Math.Min(sizes.Planes, sizes.Rows);
}
