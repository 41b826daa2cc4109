using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Fft;

/// <summary>
/// The complex transform of an array [planes][rows][columns] that lies over all ranks of a communicator. The field is cut into slabs of
/// planes, or into pencils of planes and rows; its spectrum stays where the last lines were whole, cut along rows (and columns): see
/// <see cref="Field"/> and <see cref="Spectrum"/>. A line's bits depend on its own numbers only, so all rank counts and cuts give the same.
/// </summary>
/// <remarks>Columns first, then rows, then planes; the inverse in the opposite order. Traffic of a slab, per number and transform: 16 B read
/// and 16 B written for columns and rows together, the same for planes, and between them a message of 16 B.</remarks>
public sealed unsafe class DistributedFft : IDisposable
{
    private readonly int planes, rows, columns;
    private readonly int ownPlanes, ownRows, spectrumColumns;
    private readonly ILocalFft alongPlanes, alongRows, alongColumns;
    private readonly Communicator? inner, outer;
    private readonly Transposition? columnsToRows, rowsToPlanes;
    private readonly AlignedBuffer<Complex> plane;
    private readonly double[][] weights;

    /// <summary>Makes the plan for two or three dimensions. Collective.</summary>
    /// <param name="communicator">Its ranks hold the array; stays the caller's.</param>
    /// <param name="extent">Planes, rows and columns, each ≥ 1; one plane for two dimensions.</param>
    /// <exception cref="UsageException">The lengths cannot be split over so many ranks. Thrown on every rank, before any communication.</exception>
    /// <exception cref="SoraException">FFTW is asked for and not there.</exception>
    public DistributedFft(Communicator communicator, Extent extent, FftOptions? options = null)
    {
        options ??= new();
        (planes, rows, columns) = (Length(extent.Planes), Length(extent.Rows), Length(extent.Columns));
        FftGrid grid = FftGrid.For(planes, rows, columns, communicator.Size, options.Decomposition);
        (int a, int b) = Math.DivRem(communicator.Rank, grid.Inner);
        Field = Box(FftCut.Of(planes, grid.Outer, a), FftCut.Of(rows, grid.Inner, b), (0, columns));
        Spectrum = Box((0, planes), FftCut.Of(rows, grid.Outer, a), FftCut.Of(columns, grid.Inner, b));
        (ownPlanes, ownRows, spectrumColumns) = ((int)Field.Planes, (int)Field.Rows, (int)Spectrum.Columns);
        _ = checked((int)Math.Max(Field.Cells, Spectrum.Cells));
        (alongPlanes, alongRows, alongColumns) = (options.Plan(planes), options.Plan(rows), options.Plan(columns));
        if (grid.Inner > 1)
            columnsToRows = new(inner = communicator.Split(a, b)!, ownPlanes, rows, columns, run: 1);
        if (grid.Outer > 1)
            rowsToPlanes = new(outer = communicator.Split(b, a)!, 1, planes, rows, run: spectrumColumns);
        plane = new(Math.Max(ownRows * columns, rows * spectrumColumns));
        weights = [.. new[] { planes, rows, columns }.Select(length => new double[length])];
    }

    /// <summary>The cells of the field this rank holds, row-major without gaps.</summary>
    public Block Field { get; }

    /// <summary>The wave numbers of the spectrum this rank holds, row-major without gaps: every plane, a share of the rows.</summary>
    public Block Spectrum { get; }

    /// <summary>spectrum[k] = Σ field[j]·e^(−2πi·(j·k/n)), over all dimensions. Allocates nothing. Collective.</summary>
    /// <param name="field">The cells of <see cref="Field"/>; stays as it is.</param>
    /// <param name="spectrum">Those of <see cref="Spectrum"/>; may lie where <paramref name="field"/> does.</param>
    /// <exception cref="UsageException">A buffer does not hold its block, on this rank; thrown before any communication.</exception>
    public void Forward(ReadOnlySpan<Complex> field, Span<Complex> spectrum)
    {
        Check(field.Length, Field, "field");
        Check(spectrum.Length, Spectrum, "spectrum");
        fixed (Complex* from = field, to = spectrum)
        {
            for (int z = 0; z < ownPlanes; z++)
                ForwardColumns(z, from + (nint)z * ownRows * columns, to);
            columnsToRows?.ToColumns();
            for (int z = 0; z < ownPlanes && columnsToRows is not null; z++)
                ForwardRows(z, to);
            rowsToPlanes?.ToColumns(to);
            if (planes > 1)
                AlongPlanes(FftDirection.Forward, to, to, default);
        }
    }

    /// <summary>field[j] = 1/N · Σ spectrum[k]·e^(+2πi·(j·k/n)): the inverse of <see cref="Forward"/>. Allocates nothing. Collective.</summary>
    /// <param name="spectrum">The wave numbers of <see cref="Spectrum"/>; stays as it is.</param>
    /// <param name="field">The cells of <see cref="Field"/>; may lie where <paramref name="spectrum"/> does.</param>
    /// <exception cref="UsageException">As of <see cref="Forward"/>.</exception>
    public void Inverse(ReadOnlySpan<Complex> spectrum, Span<Complex> field) => Inverse(spectrum, field, default, default, default);

    /// <summary>
    /// The inverse of the spectrum times a factor that is a product of one along each dimension: a Gaussian, a heat kernel, a shift's real
    /// part. The factors are applied while the lines are read: no pass of their own. Allocates nothing. Collective.
    /// </summary>
    /// <param name="planeWeights">A factor for each wave number along planes, or none.</param>
    /// <param name="rowWeights">Along rows.</param>
    /// <param name="columnWeights">Along columns.</param>
    /// <inheritdoc cref="Inverse(ReadOnlySpan{Complex},Span{Complex})"/>
    public void Inverse(ReadOnlySpan<Complex> spectrum, Span<Complex> field, ReadOnlySpan<double> planeWeights, ReadOnlySpan<double> rowWeights, ReadOnlySpan<double> columnWeights)
    {
        Check(spectrum.Length, Spectrum, "spectrum");
        Check(field.Length, Field, "field");
        Normalise(0, planeWeights);
        Normalise(1, rowWeights);
        Normalise(2, columnWeights);
        fixed (Complex* from = spectrum, to = field)
        {
            Complex* whole = rowsToPlanes is null ? columnsToRows is null ? to : columnsToRows.Incoming : rowsToPlanes.Outgoing;
            if (planes > 1)
                AlongPlanes(FftDirection.Inverse, from, whole, weights[0]);
            else
                whole = from;
            rowsToPlanes?.ToRows();
            for (int z = 0; z < ownPlanes; z++)
                InverseRows(z, whole, to);
            columnsToRows?.ToRows();
            for (int z = 0; z < ownPlanes && columnsToRows is not null; z++)
                InverseColumns(z, to);
        }
    }

    // One plane: columns, and where they are at home rows too, into the blocks to be sent or straight into the spectrum.
    private void ForwardColumns(int z, Complex* from, Complex* spectrum)
    {
        Complex* into = columnsToRows is null && rowsToPlanes is null ? spectrum + (nint)z * rows * columns : plane.Address;
        alongColumns.Transform(FftDirection.Forward, FftLines.EndToEnd(ownRows, columns), from, into);
        if (columnsToRows is not null)
        {
            columnsToRows.PackRows(z, 0, ownRows, into);
            return;
        }
        alongRows.Transform(FftDirection.Forward, FftLines.SideBySide(columns, columns), into, into);
        rowsToPlanes?.PackRows(0, z, 1, into);
    }

    private void ForwardRows(int z, Complex* spectrum)
    {
        Complex* into = rowsToPlanes is null ? spectrum + (nint)z * rows * spectrumColumns : plane.Address;
        columnsToRows!.UnpackColumns(z, into);
        alongRows.Transform(FftDirection.Forward, FftLines.SideBySide(spectrumColumns, spectrumColumns), into, into);
        rowsToPlanes?.PackRows(0, z, 1, into);
    }

    private void AlongPlanes(FftDirection direction, Complex* from, Complex* to, ReadOnlySpan<double> factors)
    {
        int lines = (int)(Spectrum.Rows * Spectrum.Columns);
        alongPlanes.Transform(direction, FftLines.SideBySide(lines, lines), from, to, factors);
    }

    // One plane: rows, and where they are at home columns too.
    private void InverseRows(int z, Complex* whole, Complex* field)
    {
        Complex* from = whole + (nint)z * rows * spectrumColumns;
        Complex* into = columnsToRows is null ? field + (nint)z * rows * columns : plane.Address;
        if (rowsToPlanes is not null)
            rowsToPlanes.UnpackRows(0, z, 1, from = into);
        alongRows.Transform(FftDirection.Inverse, FftLines.SideBySide(spectrumColumns, spectrumColumns), from, into, weights[1]);
        if (columnsToRows is not null)
            columnsToRows.PackColumns(z, into);
        else
            alongColumns.Transform(FftDirection.Inverse, FftLines.EndToEnd(rows, columns), into, into, weights[2]);
    }

    private void InverseColumns(int z, Complex* field)
    {
        Complex* into = field + (nint)z * ownRows * columns;
        columnsToRows!.UnpackRows(z, 0, ownRows, into);
        alongColumns.Transform(FftDirection.Inverse, FftLines.EndToEnd(ownRows, columns), into, into, weights[2]);
    }

    private void Normalise(int dimension, ReadOnlySpan<double> given)
    {
        double[] into = weights[dimension];
        if (given.Length != 0 && given.Length != into.Length)
            throw new UsageException($"{given.Length} weights along a dimension of {into.Length} wave numbers");
        for (int k = 0; k < into.Length; k++)
            into[k] = given.Length == 0 ? 1.0 / into.Length : given[k] / into.Length;
    }

    private static Block Box((int Begin, int End) planes, (int Begin, int End) rows, (int Begin, int End) columns) =>
        new(new Cell(planes.Begin, rows.Begin, columns.Begin), new Cell(planes.End, rows.End, columns.End));

    private static void Check(int held, Block block, string what)
    {
        if (held != block.Cells)
            throw new UsageException($"the {what} holds {held} numbers, this rank's block {block} is {block.Cells}");
    }

    private static int Length(long cells) => cells is >= 1 and <= FftPlan.Longest ? (int)cells
        : throw new UsageException($"an FFT along {cells} cells: it must be between 1 and {FftPlan.Longest}");

    /// <summary>Collective.</summary>
    public void Dispose()
    {
        foreach (IDisposable? owned in (IDisposable?[])[plane, columnsToRows, rowsToPlanes, inner, outer, alongPlanes, alongRows, alongColumns])
            owned?.Dispose();
    }
}
