using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Fft;

/// <summary>What distributed transforms of complex and of real numbers share: lines along columns, rows and planes, and the exchanges between.</summary>
/// <remarks>Columns first, then rows, then planes; the inverse in the opposite order. Traffic of a slab, per number and transform: 16 B read
/// and 16 B written for columns and rows together, the same for planes, and between them a message of 16 B.</remarks>
internal sealed unsafe class PencilTransform : IDisposable
{
    private readonly int planes, rows, columns, waves;
    private readonly int ownPlanes, ownRows, spectrumColumns;
    private readonly ILocalFft alongPlanes, alongRows;
    private readonly IColumnTransform alongColumns;
    private readonly Communicator? inner, outer;
    private readonly Transposition? columnsToRows, rowsToPlanes;
    private readonly AlignedBuffer<Complex> plane;
    private readonly AlignedBuffer<Complex>? apart;
    private readonly double[][] weights;

    /// <summary>Collective.</summary>
    /// <param name="waves">Numbers along columns in the spectrum.</param>
    /// <param name="columnLines">Makes the lines along columns, which this disposes.</param>
    /// <exception cref="UsageException">The lengths cannot be split over so many ranks. Thrown on every rank, before any communication.</exception>
    internal PencilTransform(Communicator communicator, Extent extent, int waves, Func<IColumnTransform> columnLines, FftOptions options)
    {
        (planes, rows, columns, this.waves) = (Length(extent.Planes), Length(extent.Rows), Length(extent.Columns), waves);
        FftGrid grid = FftGrid.For(planes, rows, waves, communicator.Size, options.Decomposition);
        (int a, int b) = Math.DivRem(communicator.Rank, grid.Inner);
        Field = Box(FftCut.Of(planes, grid.Outer, a), FftCut.Of(rows, grid.Inner, b), (0, columns));
        Spectrum = Box((0, planes), FftCut.Of(rows, grid.Outer, a), FftCut.Of(waves, grid.Inner, b));
        (ownPlanes, ownRows, spectrumColumns) = ((int)Field.Planes, (int)Field.Rows, (int)Spectrum.Columns);
        _ = checked((int)Math.Max(Field.Cells, Spectrum.Cells));
        (alongPlanes, alongRows, alongColumns) = (options.Plan(planes), options.Plan(rows), columnLines());
        if (grid.Inner > 1)
            columnsToRows = new(inner = communicator.Split(a, b)!, ownPlanes, rows, waves, run: 1);
        if (grid.Outer > 1)
            rowsToPlanes = new(outer = communicator.Split(b, a)!, 1, planes, rows, run: spectrumColumns, inPieces: true);
        if (communicator.Size == 1 && planes > 1 && !FieldHoldsWaves)
            apart = new((int)Spectrum.Cells);
        plane = new(Math.Max(ownRows * waves, rows * spectrumColumns));
        weights = [.. new[] { planes, rows, waves }.Select(length => new double[length])];
    }

    // Whether the inverse can leave waves where the field will be.
    private bool FieldHoldsWaves => alongColumns.FieldBytes == sizeof(Complex);

    /// <summary>The cells of the field this rank holds, row-major without gaps.</summary>
    internal Block Field { get; }

    /// <summary>The wave numbers of the spectrum this rank holds, row-major without gaps: every plane, a share of the rows.</summary>
    internal Block Spectrum { get; }

    /// <summary>Collective.</summary>
    internal void Forward(void* field, Complex* spectrum)
    {
        rowsToPlanes?.BeginToColumns();
        for (int z = 0; z < ownPlanes; z++)
            ForwardColumns(z, (byte*)field + (nint)z * ownRows * columns * alongColumns.FieldBytes, spectrum);
        columnsToRows?.ToColumns();
        for (int z = 0; z < ownPlanes && columnsToRows is not null; z++)
            ForwardRows(z, spectrum);
        Complex* whole = rowsToPlanes is null ? spectrum : rowsToPlanes.EndToColumns(spectrum);
        if (planes > 1)
            AlongPlanes(FftDirection.Forward, whole, spectrum, default);
    }

    /// <summary>The inverse of the spectrum times a factor along each dimension, or none. Collective.</summary>
    internal void Inverse(Complex* spectrum, void* field, ReadOnlySpan<double> planeWeights, ReadOnlySpan<double> rowWeights, ReadOnlySpan<double> columnWeights)
    {
        Normalise(weights[0], planeWeights, planes);
        Normalise(weights[1], rowWeights, rows);
        Normalise(weights[2], columnWeights, alongColumns.Divisor);
        Complex* whole = planes == 1 ? spectrum : rowsToPlanes is not null ? rowsToPlanes.Outgoing
            : columnsToRows is not null ? columnsToRows.Incoming : apart is not null ? apart.Address : (Complex*)field;
        if (planes > 1)
            AlongPlanes(FftDirection.Inverse, spectrum, whole, weights[0]);
        rowsToPlanes?.BeginToRows();
        for (int z = 0; z < ownPlanes; z++)
            InverseRows(z, whole, field);
        rowsToPlanes?.EndToRows();
        columnsToRows?.ToRows();
        for (int z = 0; z < ownPlanes && columnsToRows is not null; z++)
            InverseColumns(z, field);
    }

    // One plane: columns, and where they are at home rows too, into the blocks to be sent or straight into the spectrum.
    private void ForwardColumns(int z, void* from, Complex* spectrum)
    {
        Complex* into = columnsToRows is null && rowsToPlanes is null ? spectrum + (nint)z * rows * waves : plane.Address;
        alongColumns.Forward(ownRows, from, into);
        if (columnsToRows is not null)
        {
            columnsToRows.PackRows(z, 0, ownRows, into);
            return;
        }
        alongRows.Transform(FftDirection.Forward, FftLines.SideBySide(waves, waves), into, into);
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
    private void InverseRows(int z, Complex* whole, void* field)
    {
        Complex* from = whole + (nint)z * rows * spectrumColumns;
        void* cells = (byte*)field + (nint)z * rows * columns * alongColumns.FieldBytes;
        Complex* into = columnsToRows is null && FieldHoldsWaves ? (Complex*)cells : plane.Address;
        if (rowsToPlanes is not null)
            rowsToPlanes.UnpackRows(0, z, 1, from = into);
        alongRows.Transform(FftDirection.Inverse, FftLines.SideBySide(spectrumColumns, spectrumColumns), from, into, weights[1]);
        if (columnsToRows is not null)
            columnsToRows.PackColumns(z, into);
        else
            alongColumns.Inverse(rows, into, cells, weights[2]);
    }

    private void InverseColumns(int z, void* field)
    {
        void* cells = (byte*)field + (nint)z * ownRows * columns * alongColumns.FieldBytes;
        Complex* into = FieldHoldsWaves ? (Complex*)cells : plane.Address;
        columnsToRows!.UnpackRows(z, 0, ownRows, into);
        alongColumns.Inverse(ownRows, into, cells, weights[2]);
    }

    private static void Normalise(double[] into, ReadOnlySpan<double> given, int divisor)
    {
        if (given.Length != 0 && given.Length != into.Length)
            throw new UsageException($"{given.Length} weights along a dimension of {into.Length} wave numbers");
        for (int k = 0; k < into.Length; k++)
            into[k] = given.Length == 0 ? 1.0 / divisor : given[k] / divisor;
    }

    private static Block Box((int Begin, int End) planes, (int Begin, int End) rows, (int Begin, int End) columns) =>
        new(new Cell(planes.Begin, rows.Begin, columns.Begin), new Cell(planes.End, rows.End, columns.End));

    /// <exception cref="UsageException">A buffer does not hold its block.</exception>
    internal static void Check(int held, Block block, string what)
    {
        if (held != block.Cells)
            throw new UsageException($"the {what} holds {held} numbers, this rank's block {block} is {block.Cells}");
    }

    /// <exception cref="UsageException">It is out of range.</exception>
    internal static int Length(long cells) => cells is >= 1 and <= FftPlan.Longest ? (int)cells
        : throw new UsageException($"an FFT along {cells} cells: it must be between 1 and {FftPlan.Longest}");

    /// <summary>Collective.</summary>
    public void Dispose()
    {
        foreach (IDisposable? owned in (IDisposable?[])[plane, apart, columnsToRows, rowsToPlanes, inner, outer, alongPlanes, alongRows, alongColumns])
            owned?.Dispose();
    }
}
