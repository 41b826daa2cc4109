using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Fft.Kernels;

namespace SoraHpc.Solvers.Fft;

/// <summary>
/// Complex transforms of one length, of our own: mixed radix 8, 7, 5, 4, 3, 2 for lengths these make up, a convolution for all others.
/// Lines are transformed as many at once as a vector holds doubles, one a lane; every width gives the same bits.
/// </summary>
public sealed unsafe class FftPlan : ILocalFft
{
    /// <summary>Largest length: tables and panels are indexed by 32-bit numbers.</summary>
    public const int Longest = 1 << 26;

    private readonly double[] scale;
    private readonly ColumnTile? tile;
    private readonly PanelWidths widths;

    /// <param name="length">Numbers in a line, in [1, <see cref="Longest"/>].</param>
    /// <exception cref="UsageException">The length is out of range.</exception>
    public FftPlan(int length) : this(length, PanelWidths.Widest) { }

    /// <param name="lanes">Most lines at once: 1, 2, 4 or 8.</param>
    internal FftPlan(int length, int lanes)
    {
        Length = PanelWidths.Checked(length);
        tile = ColumnTile.For(length);
        scale = new double[length];
        Array.Fill(scale, 1.0 / length);
        widths = new(length, lanes);
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <summary>X[k] = Σ x[j]·e^(−2πi·jk/n) of every line; lines lie end to end. Local.</summary>
    /// <param name="input">A multiple of <see cref="Length"/> numbers.</param>
    /// <param name="output">As many; may be the input itself.</param>
    /// <exception cref="UsageException">The lengths do not fit.</exception>
    public void Forward(ReadOnlySpan<Complex> input, Span<Complex> output) => Transform(FftDirection.Forward, input, output, default);

    /// <summary>x[j] = 1/n · Σ X[k]·e^(+2πi·jk/n) of every line: the inverse of <see cref="Forward"/>. Local.</summary>
    /// <inheritdoc cref="Forward"/>
    public void Inverse(ReadOnlySpan<Complex> input, Span<Complex> output) => Transform(FftDirection.Inverse, input, output, scale);

    /// <inheritdoc/>
    public void Transform(FftDirection direction, in FftLines lines, Complex* input, Complex* output, ReadOnlySpan<double> weights = default)
    {
        if (weights.Length != 0 && weights.Length != Length)
            throw new UsageException($"{weights.Length} weights for an FFT of length {Length}");
        fixed (double* given = weights)
        {
            double* factors = weights.Length != 0 ? given : widths.Ones;
            if (tile is not null && tile.PaysFor(lines))
                ByTiles(tile, direction, lines, input, output, factors);
            else
                ByPanels(direction, lines, input, output, factors);
        }
    }

    // Traffic of a tile: each number read and written once in memory, the rest in the level-2 cache. Whole tiles are carried while their
    // neighbours are transformed; where that does not go they are read, transformed and written one after the other.
    private void ByTiles(ColumnTile tile, FftDirection direction, in FftLines lines, Complex* input, Complex* output, double* weights)
    {
        int whole = widths.Carries && tile.CanCarry(input, output) ? lines.Count / tile.Columns * tile.Columns : 0;
        if (whole > 0)
            ByWholeTiles(tile, direction, lines with { Count = whole }, input, output, weights);
        for (int line = whole; line < lines.Count; line += tile.Columns)
        {
            int columns = Math.Min(tile.Columns, lines.Count - line);
            tile.Read(input + line, lines.InputStride, columns);
            ByPanels(direction, FftLines.SideBySide(columns, columns), tile.Address, tile.Address, weights);
            tile.Write(output + line, lines.OutputStride, columns, beyondCache: input != output);
        }
        Interlocked.MemoryBarrier();            // stores past the cache are not ordered with later ones, which may tell others to read
    }

    private void ByWholeTiles(ColumnTile tile, FftDirection direction, in FftLines lines, Complex* input, Complex* output, double* weights)
    {
        PanelTransform width = widths.Widths[0];
        bool beyondCache = ColumnTile.IsAligned(output, lines.OutputStride);
        tile.Read(input, lines.InputStride, tile.Columns);
        for (int line = 0; line < lines.Count; line += tile.Columns)
        {
            Complex* after = line + tile.Columns < lines.Count ? input + line + tile.Columns : null, before = line > 0 ? output + line - tile.Columns : null;
            TileCargo cargo = new((double*)tile.Beside, tile.Columns, (double*)after, 2 * lines.InputStride, (double*)before, 2 * lines.OutputStride, beyondCache);
            for (int column = 0; column < tile.Columns; column += width.Lanes)
                width.RunInTile(direction, tile.Columns, (double*)(tile.Address + column), weights, cargo, column / width.Lanes * Length);
            tile.Swap();
        }
        tile.Swap();
        tile.Write(output + lines.Count - tile.Columns, lines.OutputStride, tile.Columns, beyondCache);
    }

    private void ByPanels(FftDirection direction, in FftLines lines, Complex* input, Complex* output, double* weights)
    {
        // Lanes run across lines that are side by side, or end to end, in and out alike; all others go one by one.
        bool panels = lines.AreSideBySide || lines is { InputStride: 1, OutputStride: 1, InputDistance: not 1, OutputDistance: not 1 };
        long bytes = (long)lines.Count * Length * sizeof(Complex);
        BatchTraffic traffic = lines.AreSideBySide ? default : BatchTraffic.Of(bytes, bytes, input == output);
        int line = 0;
        foreach (PanelTransform width in widths.Widths)
            for (; (panels || width.Lanes == 1) && lines.Count - line >= width.Lanes; line += width.Lanes)
                width.Run(direction, lines, (double*)(input + line * lines.InputDistance), (double*)(output + line * lines.OutputDistance), weights, traffic);
        if (traffic.BeyondCache)
            Interlocked.MemoryBarrier();
    }

    private void Transform(FftDirection direction, ReadOnlySpan<Complex> input, Span<Complex> output, ReadOnlySpan<double> weights)
    {
        if (input.Length % Length != 0 || output.Length != input.Length)
            throw new UsageException($"an FFT of length {Length} from {input.Length} numbers into {output.Length}: both must hold the same whole number of lines");
        fixed (Complex* from = input, to = output)
            Transform(direction, FftLines.EndToEnd(input.Length / Length, Length), from, to, weights);
    }

    public void Dispose()
    {
        widths.Dispose();
        tile?.Dispose();
    }
}
