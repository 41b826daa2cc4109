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
public sealed unsafe class DistributedFft : IDisposable
{
    private readonly PencilTransform pencils;

    /// <summary>Makes the plan for two or three dimensions. Collective.</summary>
    /// <param name="communicator">Its ranks hold the array; stays the caller's.</param>
    /// <param name="extent">Planes, rows and columns, each ≥ 1; one plane for two dimensions.</param>
    /// <exception cref="UsageException">The lengths cannot be split over so many ranks. Thrown on every rank, before any communication.</exception>
    /// <exception cref="SoraException">FFTW is asked for and not there.</exception>
    public DistributedFft(Communicator communicator, Extent extent, FftOptions? options = null)
    {
        options ??= new();
        int columns = PencilTransform.Length(extent.Columns);
        pencils = new(communicator, extent, columns, () => new ComplexColumns(options.Plan(columns)), options);
    }

    /// <summary>The cells of the field this rank holds, row-major without gaps.</summary>
    public Block Field => pencils.Field;

    /// <summary>The wave numbers of the spectrum this rank holds, row-major without gaps: every plane, a share of the rows.</summary>
    public Block Spectrum => pencils.Spectrum;

    /// <summary>spectrum[k] = Σ field[j]·e^(−2πi·(j·k/n)), over all dimensions. Allocates nothing. Collective.</summary>
    /// <param name="field">The cells of <see cref="Field"/>; stays as it is.</param>
    /// <param name="spectrum">Those of <see cref="Spectrum"/>; may lie where <paramref name="field"/> does.</param>
    /// <exception cref="UsageException">A buffer does not hold its block, on this rank; thrown before any communication.</exception>
    public void Forward(ReadOnlySpan<Complex> field, Span<Complex> spectrum)
    {
        PencilTransform.Check(field.Length, Field, "field");
        PencilTransform.Check(spectrum.Length, Spectrum, "spectrum");
        fixed (Complex* from = field, to = spectrum)
            pencils.Forward(from, to);
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
        PencilTransform.Check(spectrum.Length, Spectrum, "spectrum");
        PencilTransform.Check(field.Length, Field, "field");
        fixed (Complex* from = spectrum, to = field)
            pencils.Inverse(from, to, planeWeights, rowWeights, columnWeights);
    }

    /// <summary>Collective.</summary>
    public void Dispose() => pencils.Dispose();
}
