using System.Numerics;
using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra.Double;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.LinearAlgebra;
using SoraHpc.LinearAlgebra.Managed;
using SoraHpc.Solvers.Fft;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Benchmarks;

/// <summary>
/// One rank's kernels on operands far larger than the caches, beside what the machine can do: the STREAM triad, which counts 24 B an
/// element and not the line it reads before it writes, and a matrix product by the fastest library there is.
/// </summary>
[Config(typeof(RooflineConfig))]
public unsafe class RooflineBenchmarks
{
    private const int Side = 160, Cells = Side * Side * Side, Order = 2048, LargeOrder = 4096, FftSide = 128, Lines = FftSide * FftSide;
    private const int CachedLines = 8, Repeats = Lines / CachedLines;

    private GridLayout grid = null!;
    private DistributedVector x = null!, y = null!, z = null!;
    private InnerProducts plain = null!, exact = null!;
    private StencilOperator seven = null!, twentySeven = null!;
    private CsrOperator sparse = null!;
    private AlignedBuffer<double> square = null!, turned = null!;
    private AlignedBuffer<Complex> signal = null!, spectrum = null!;
    private FftPlan fft = null!;
    private RealFftPlan realFft = null!;
    private FftwLines fftw = null!;
    private DenseMatrix a = null!, b = null!, c = null!;

    // Setup runs before every benchmark anew, so each makes what its own needs.
    [GlobalSetup(Targets = [nameof(Triad), nameof(Axpy), nameof(Dot), nameof(ExactDot), nameof(SevenPointStencil), nameof(TwentySevenPointStencil)])]
    public void PrepareVectors()
    {
        Communicator self = Alone();
        grid = new(self, new Extent(Side, Side, Side), 1, 1);
        (x, y, z) = (new(grid.Vectors), new(grid.Vectors), new(grid.Vectors));
        grid.Fill(x, cell => Math.Sin(cell.Plane + 0.3 * cell.Row + 0.7 * cell.Column));
        grid.Fill(y, cell => Math.Cos(cell.Plane - 0.2 * cell.Row + 0.1 * cell.Column));
        (plain, exact) = (new(self, Summation.Plain), new(self, Summation.Exact));
        seven = new(grid, Stencil.Laplacian(1), StencilBoundary.ZeroBeyond);
        twentySeven = new(grid, Stencil.TwentySevenPoint(26, -1, -1, -1), StencilBoundary.ZeroBeyond);
    }

    [GlobalSetup(Target = nameof(SparseProduct))]
    public void PrepareMatrix()
    {
        PrepareVectors();
        sparse = new(grid.Vectors, SevenPointMatrix());
    }

    [GlobalSetup(Target = nameof(Transpose))]
    public void PrepareSquares() => (square, turned) = (new(Order * Order), new(Order * Order));

    [GlobalSetup(Target = nameof(TransposeOfOrder4096))]
    public void PrepareLargeSquares() => (square, turned) = (new(LargeOrder * LargeOrder), new(LargeOrder * LargeOrder));

    [GlobalSetup(Targets = [nameof(FourierTransformsOfColumns), nameof(FourierTransformsOfLines), nameof(RealFourierTransformsOfLines),
        nameof(FourierTransformsInCache), nameof(RealFourierTransformsInCache)])]
    public void PrepareSignal()
    {
        (signal, spectrum) = (new(Lines * FftSide), new(Lines * FftSide));
        FillSignal();
        (fft, realFft) = (new(FftSide), new(FftSide));
    }

    private void FillSignal()
    {
        for (int i = 0; i < signal.Length; i++)
            signal.Address[i] = new(Math.Sin(i), Math.Cos(i));
    }

    [GlobalSetup(Target = nameof(FftwOfColumns))]
    public void PrepareFftwOfColumns() => PrepareFftw((from, to) => new(FftSide, Lines, Lines, 1, from, to));

    [GlobalSetup(Target = nameof(FftwOfLines))]
    public void PrepareFftwOfLines() => PrepareFftw((from, to) => new(FftSide, Lines, 1, FftSide, from, to));

    [GlobalSetup(Target = nameof(FftwInCache))]
    public void PrepareFftwInCache() => PrepareFftw((from, to) => new(FftSide, CachedLines, 1, FftSide, from, to));

    [GlobalSetup(Target = nameof(RealFftwOfLines))]
    public void PrepareRealFftwOfLines() => PrepareFftw((from, to) => new(FftSide, Lines, (double*)from, to));

    [GlobalSetup(Target = nameof(RealFftwInCache))]
    public void PrepareRealFftwInCache() => PrepareFftw((from, to) => new(FftSide, CachedLines, (double*)from, to));

    private delegate FftwLines PlanOf(Complex* from, Complex* to);

    // Measuring overwrites the signal: it is filled after.
    private void PrepareFftw(PlanOf plan)
    {
        (signal, spectrum) = (new(Lines * FftSide), new(Lines * FftSide));
        fftw = plan(signal.Address, spectrum.Address);
        FillSignal();
    }

    [GlobalSetup(Target = nameof(MatrixProduct))]
    public void PrepareProduct()
    {
        _ = MathNetProvider.Use(new BlasOptions { Threads = 1 });
        (a, b) = ((DenseMatrix)Matrix.Build.Random(Order, Order, 1), (DenseMatrix)Matrix.Build.Random(Order, Order, 2));
        c = new(Order, Order);
    }

    [Benchmark(Baseline = true), Work(nameof(Triad), Bytes = 24.0 * Cells)]
    public void Triad()
    {
        System.Numerics.Vector<double> scale = new(3.0);
        double* from = x.Address, other = y.Address, into = z.Address;
        for (int i = 0; i < Cells; i += System.Numerics.Vector<double>.Count)
            (System.Numerics.Vector.Load(from + i) + scale * System.Numerics.Vector.Load(other + i)).Store(into + i);
    }

    [Benchmark, Work(nameof(Triad), Bytes = 24.0 * Cells)]
    public void Axpy() => z.Axpy(1e-9, x);

    [Benchmark, Work(nameof(Triad), Bytes = 16.0 * Cells)]
    public double Dot() => plain.Dot(x, y);

    [Benchmark, Work(nameof(Triad), Bytes = 16.0 * Cells)]
    public double ExactDot() => exact.Dot(x, y);

    [Benchmark, Work(nameof(Triad), Bytes = 16.0 * Cells)]
    public void SevenPointStencil() => seven.Apply(x, z);

    [Benchmark, Work(nameof(Triad), Bytes = 16.0 * Cells)]
    public void TwentySevenPointStencil() => twentySeven.Apply(x, z);

    [Benchmark, Work(nameof(Triad), Bytes = (7 * 12.0 + 20.0) * Cells)]
    public void SparseProduct() => sparse.Apply(x, z);

    [Benchmark, Work(nameof(Triad), Bytes = 16.0 * Order * Order)]
    public void Transpose() => MatrixTranspose.Transpose(square.Address, Order, Order, Order, turned.Address, Order);

    [Benchmark, Work(nameof(Triad), Bytes = 16.0 * LargeOrder * LargeOrder)]
    public void TransposeOfOrder4096() => MatrixTranspose.Transpose(square.Address, LargeOrder, LargeOrder, LargeOrder, turned.Address, LargeOrder);

    // 5·n·log₂n operations a line, as transforms are counted by custom; fewer are done. What arithmetic allows is our own rate in the caches
    // of a core, for FFTW's lines too: both have the same limits.
    [Benchmark, Work(nameof(Triad), Bytes = 32.0 * Lines * FftSide, Flops = 5.0 * 7 * Lines * FftSide, FlopLimit = nameof(FourierTransformsInCache))]
    public void FourierTransformsOfColumns()
    {
        FftLines lines = FftLines.SideBySide(Lines, Lines);
        fft.Transform(FftDirection.Forward, in lines, signal.Address, spectrum.Address);
    }

    [Benchmark, Work(nameof(Triad), Bytes = 32.0 * Lines * FftSide, Flops = 5.0 * 7 * Lines * FftSide, FlopLimit = nameof(FourierTransformsInCache))]
    public void FftwOfColumns() => fftw.Execute();

    [Benchmark, Work(nameof(Triad), Bytes = 32.0 * Lines * FftSide, Flops = 5.0 * 7 * Lines * FftSide, FlopLimit = nameof(FourierTransformsInCache))]
    public void FourierTransformsOfLines() => fft.Forward(signal.GetSpan(), spectrum.GetSpan());

    [Benchmark, Work(nameof(Triad), Bytes = 32.0 * Lines * FftSide, Flops = 5.0 * 7 * Lines * FftSide, FlopLimit = nameof(FourierTransformsInCache))]
    public void FftwOfLines() => fftw.Execute();

    // As many lines, eight at a time and always the same: 16 KiB and their spectra.
    [Benchmark, Work(nameof(MatrixProduct), Flops = 5.0 * 7 * Lines * FftSide)]
    public void FourierTransformsInCache()
    {
        for (int repeat = 0; repeat < Repeats; repeat++)
            fft.Forward(signal.GetSpan()[..(CachedLines * FftSide)], spectrum.GetSpan()[..(CachedLines * FftSide)]);
    }

    [Benchmark, Work(nameof(MatrixProduct), Flops = 5.0 * 7 * Lines * FftSide)]
    public void FftwInCache()
    {
        for (int repeat = 0; repeat < Repeats; repeat++)
            fftw.Execute();
    }

    // Half the signal's memory as real numbers, and half the work.
    [Benchmark, Work(nameof(Triad), Bytes = 8.0 * Lines * (FftSide + FftSide + 2), Flops = 2.5 * 7 * Lines * FftSide, FlopLimit = nameof(RealFourierTransformsInCache))]
    public void RealFourierTransformsOfLines() =>
        realFft.Forward(new ReadOnlySpan<double>(signal.Address, Lines * FftSide), spectrum.GetSpan()[..(Lines * (FftSide / 2 + 1))]);

    [Benchmark, Work(nameof(Triad), Bytes = 8.0 * Lines * (FftSide + FftSide + 2), Flops = 2.5 * 7 * Lines * FftSide, FlopLimit = nameof(RealFourierTransformsInCache))]
    public void RealFftwOfLines() => fftw.Execute();

    [Benchmark, Work(nameof(MatrixProduct), Flops = 2.5 * 7 * Lines * FftSide)]
    public void RealFourierTransformsInCache()
    {
        for (int repeat = 0; repeat < Repeats; repeat++)
            realFft.Forward(new ReadOnlySpan<double>(signal.Address, CachedLines * FftSide), spectrum.GetSpan()[..(CachedLines * (FftSide / 2 + 1))]);
    }

    [Benchmark, Work(nameof(MatrixProduct), Flops = 2.5 * 7 * Lines * FftSide)]
    public void RealFftwInCache()
    {
        for (int repeat = 0; repeat < Repeats; repeat++)
            fftw.Execute();
    }

    [Benchmark, Work(nameof(MatrixProduct), Flops = 2.0 * Order * Order * Order)]
    public void MatrixProduct() => a.Multiply(b, c);

    // A world of one rank that lives as long as the process: its thread only keeps it open.
    private static Communicator Alone()
    {
        Communicator? self = null;
        using ManualResetEventSlim open = new();
        new Thread(() => ThreadWorld.Run(1, communicator =>
        {
            self = communicator;
            open.Set();
            Thread.Sleep(Timeout.Infinite);
        })) { IsBackground = true }.Start();
        open.Wait();
        return self!;
    }

    private static Triplet[] SevenPointMatrix()
    {
        List<Triplet> entries = new(7 * Cells);
        long[] steps = [-Side * Side, -Side, -1, 0, 1, Side, Side * Side];
        for (long row = 0; row < Cells; row++)
            foreach (long step in steps)
                if (row + step is >= 0 and < Cells)
                    entries.Add(new(row, row + step, step == 0 ? 6 : -1));
        return [.. entries];
    }
}
