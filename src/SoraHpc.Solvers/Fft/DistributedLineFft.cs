using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Fft.Kernels;

namespace SoraHpc.Solvers.Fft;

/// <summary>In which order a distributed transform in one dimension leaves its spectrum.</summary>
public enum SpectrumOrder
{
    /// <summary>Each rank holds wave numbers one after the other. One transposition more.</summary>
    Natural,
    /// <summary>As the last transforms leave it; fit for anything done number by number before the inverse.</summary>
    Transposed,
}

/// <summary>
/// The complex transform of one line that lies over all ranks. The length is taken as n₁·n₂, n₁ its largest divisor up to its root, whatever
/// the number of ranks, so all give the same bits. This rank holds a share of the n₁ rows of n₂ numbers: contiguous in the line.
/// </summary>
/// <remarks>The six-step method: transforms along n₁, twiddle factors, transforms along n₂, with transpositions between. Source: D. H. Bailey,
/// FFTs in external or hierarchical memory, J. Supercomputing 4 (1990).</remarks>
public sealed unsafe class DistributedLineFft : IDisposable
{
    private readonly int across, along, ownColumns, ownRows;
    private readonly SpectrumOrder order;
    private readonly ILocalFft alongFirst, alongSecond;
    private readonly Transposition transposition;
    private readonly AlignedBuffer<Complex> twiddles, block;
    private readonly double[] firstScale, secondScale;

    /// <summary>Makes the plan. Collective.</summary>
    /// <param name="communicator">Its ranks hold the line; stays the caller's.</param>
    /// <param name="length">Numbers in the line, ≥ 1.</param>
    /// <exception cref="UsageException">The length cannot be split over so many ranks. Thrown on every rank, before any communication.</exception>
    public DistributedLineFft(Communicator communicator, long length, SpectrumOrder order = SpectrumOrder.Natural, FftOptions? options = null)
    {
        options ??= new();
        (across, along) = Factors(length, communicator.Size);
        this.order = order;
        int size = communicator.Size, rank = communicator.Rank;
        (int rowBegin, int rowEnd) = FftCut.Of(across, size, rank);
        (int columnBegin, int columnEnd) = FftCut.Of(along, size, rank);
        (ownRows, ownColumns) = (rowEnd - rowBegin, columnEnd - columnBegin);
        FieldBegin = (long)rowBegin * along;
        FieldLength = checked(ownRows * along);
        SpectrumBegin = order == SpectrumOrder.Natural ? (long)columnBegin * across : FieldBegin;
        SpectrumLength = order == SpectrumOrder.Natural ? checked(ownColumns * across) : FieldLength;
        (alongFirst, alongSecond) = (options.Plan(across), options.Plan(along));
        transposition = new(communicator, 1, across, along, 1);
        block = new(Math.Max(ownRows * along, across * ownColumns));
        twiddles = new(across * ownColumns);
        for (int k = 0; k < across; k++)
            for (int j = 0; j < ownColumns; j++)
            {
                (double cos, double sin) = Roots.Of((long)k * (columnBegin + j) % length, length);
                twiddles.Address[(nint)k * ownColumns + j] = new(cos, sin);
            }
        (firstScale, secondScale) = (new double[across], new double[along]);
        Array.Fill(firstScale, 1.0 / across);
        Array.Fill(secondScale, 1.0 / along);
    }

    /// <summary>Place in the line of this rank's first number.</summary>
    public long FieldBegin { get; }

    /// <summary>Numbers of the line this rank holds.</summary>
    public int FieldLength { get; }

    /// <summary>In natural order the wave number of this rank's first; transposed, number i of this rank, counted from this place, is wave
    /// number (i div n₂) + n₁·(i mod n₂): see <see cref="WaveNumberOf"/>.</summary>
    public long SpectrumBegin { get; }

    /// <summary>Numbers of the spectrum this rank holds.</summary>
    public int SpectrumLength { get; }

    /// <summary>The wave number of the spectrum's number <paramref name="index"/> on this rank. Local.</summary>
    public long WaveNumberOf(int index)
    {
        long place = SpectrumBegin + index;
        return order == SpectrumOrder.Natural ? place : place / along + across * (place % along);
    }

    /// <summary>X[k] = Σ x[j]·e^(−2πi·jk/n). Allocates nothing. Collective.</summary>
    /// <param name="field">This rank's <see cref="FieldLength"/> numbers; stays as it is.</param>
    /// <param name="spectrum">This rank's <see cref="SpectrumLength"/>.</param>
    /// <exception cref="UsageException">A buffer has another length, on this rank; thrown before any communication.</exception>
    public void Forward(ReadOnlySpan<Complex> field, Span<Complex> spectrum)
    {
        Check(field.Length, FieldLength, "field");
        Check(spectrum.Length, SpectrumLength, "spectrum");
        fixed (Complex* from = field, to = spectrum)
        {
            Complex* columns = transposition.Incoming;
            transposition.PackRows(0, 0, ownRows, from);
            transposition.ToColumns();
            alongFirst.Transform(FftDirection.Forward, FftLines.SideBySide(ownColumns, ownColumns), columns, transposition.Outgoing);
            Twiddle(transposition.Outgoing, conjugate: false);
            transposition.ToRows();
            Complex* rows = order == SpectrumOrder.Natural ? block.Address : to;
            transposition.UnpackRows(0, 0, ownRows, rows);
            alongSecond.Transform(FftDirection.Forward, FftLines.EndToEnd(ownRows, along), rows, rows);
            if (order == SpectrumOrder.Transposed)
                return;
            transposition.PackRows(0, 0, ownRows, rows);
            transposition.ToColumns();
            Transpose(columns, across, ownColumns, to);
        }
    }

    /// <summary>x[j] = 1/n · Σ X[k]·e^(+2πi·jk/n): the inverse of <see cref="Forward"/>. Allocates nothing. Collective.</summary>
    /// <exception cref="UsageException">As of <see cref="Forward"/>.</exception>
    public void Inverse(ReadOnlySpan<Complex> spectrum, Span<Complex> field)
    {
        Check(spectrum.Length, SpectrumLength, "spectrum");
        Check(field.Length, FieldLength, "field");
        fixed (Complex* from = spectrum, to = field)
        {
            Complex* rows = from;
            if (order == SpectrumOrder.Natural)
            {
                Transpose(from, ownColumns, across, transposition.Outgoing);
                transposition.ToRows();
                transposition.UnpackRows(0, 0, ownRows, rows = block.Address);
            }
            alongSecond.Transform(FftDirection.Inverse, FftLines.EndToEnd(ownRows, along), rows, to, secondScale);
            transposition.PackRows(0, 0, ownRows, to);
            transposition.ToColumns();
            Twiddle(transposition.Incoming, conjugate: true);
            alongFirst.Transform(FftDirection.Inverse, FftLines.SideBySide(ownColumns, ownColumns), transposition.Incoming, transposition.Outgoing, firstScale);
            transposition.ToRows();
            transposition.UnpackRows(0, 0, ownRows, to);
        }
    }

    // A prime is 1 × n: its only row is on the only rank.
    private static (int Across, int Along) Factors(long length, int ranks)
    {
        if (length < 1 || length > FftPlan.Longest * (long)FftPlan.Longest)
            throw new UsageException($"an FFT of length {length}: it must be at least 1");
        long across = (long)Math.Sqrt(length);
        while (across * across > length || length % across != 0)
            across--;
        if (across < ranks)
            throw new UsageException($"an FFT of length {length} cannot be split over {ranks} ranks: its factors nearest to each other are {across} × {length / across}, and every rank needs a share of both");
        return length / across <= FftPlan.Longest ? ((int)across, (int)(length / across))
            : throw new UsageException($"an FFT of length {length} = {across} × {length / across}: no factor may be above {FftPlan.Longest}");
    }

    private void Twiddle(Complex* columns, bool conjugate)
    {
        double sign = conjugate ? -1.0 : 1.0;
        for (int i = 0; i < across * ownColumns; i++)
        {
            double cos = twiddles.Address[i].Real, sin = sign * twiddles.Address[i].Imaginary;
            (double re, double im) = (columns[i].Real, columns[i].Imaginary);
            columns[i] = new(Math.FusedMultiplyAdd(-im, sin, re * cos), Math.FusedMultiplyAdd(im, cos, re * sin));
        }
    }

    // In squares whose both sides stay in the nearest cache.
    private static void Transpose(Complex* from, int rows, int columns, Complex* to)
    {
        const int Side = 32;
        for (int row = 0; row < rows; row += Side)
            for (int column = 0; column < columns; column += Side)
                for (int r = row; r < Math.Min(row + Side, rows); r++)
                    for (int c = column; c < Math.Min(column + Side, columns); c++)
                        to[(nint)c * rows + r] = from[(nint)r * columns + c];
    }

    private static void Check(int held, int needed, string what)
    {
        if (held != needed)
            throw new UsageException($"the {what} holds {held} numbers, this rank's share is {needed}");
    }

    public void Dispose()
    {
        foreach (IDisposable owned in (IDisposable[])[transposition, twiddles, block, alongFirst, alongSecond])
            owned.Dispose();
    }
}
