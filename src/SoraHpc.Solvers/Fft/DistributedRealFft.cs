using System.Numerics;
using System.Runtime.InteropServices;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Fft;

/// <summary>
/// The transform of an array [planes][rows][columns] of real numbers that lies over all ranks of a communicator, into the half of its spectrum
/// that says all: wave numbers 0 to columns/2 along columns, every one along rows and planes. Cut as <see cref="DistributedFft"/> cuts; all
/// rank counts and cuts give the same bits. Half its work, memory and messages where the columns are even in number; where they are odd the
/// lines along columns cost what complex ones do.
/// </summary>
/// <remarks>The lines along columns are always our own; <see cref="FftOptions.Library"/> is whose the others are.</remarks>
public sealed unsafe class DistributedRealFft : IDisposable
{
    private readonly PencilTransform pencils;

    /// <summary>Makes the plan for two or three dimensions. Collective.</summary>
    /// <param name="communicator">Its ranks hold the array; stays the caller's.</param>
    /// <param name="extent">Planes, rows and columns of the field, each ≥ 1; one plane for two dimensions.</param>
    /// <exception cref="UsageException">The lengths cannot be split over so many ranks. Thrown on every rank, before any communication.</exception>
    /// <exception cref="SoraException">FFTW is asked for and not there.</exception>
    public DistributedRealFft(Communicator communicator, Extent extent, FftOptions? options = null)
    {
        int columns = PencilTransform.Length(extent.Columns);
        pencils = new(communicator, extent, columns / 2 + 1, () => new RealColumns(new RealFftPlan(columns)), options ?? new());
    }

    /// <summary>The cells of the field this rank holds, row-major without gaps.</summary>
    public Block Field => pencils.Field;

    /// <summary>The wave numbers of the half spectrum this rank holds, row-major without gaps: every plane, a share of the rows.</summary>
    public Block Spectrum => pencils.Spectrum;

    /// <summary>spectrum[k] = Σ field[j]·e^(−2πi·(j·k/n)), over all dimensions. Allocates nothing. Collective.</summary>
    /// <param name="field">The cells of <see cref="Field"/>; stays as it is.</param>
    /// <param name="spectrum">Those of <see cref="Spectrum"/>; apart from <paramref name="field"/>.</param>
    /// <exception cref="UsageException">A buffer does not hold its block, or they share memory, on this rank; thrown before any communication.</exception>
    public void Forward(ReadOnlySpan<double> field, Span<Complex> spectrum)
    {
        Check(field, spectrum);
        fixed (double* from = field)
        fixed (Complex* to = spectrum)
            pencils.Forward(from, to);
    }

    /// <summary>field[j] = 1/N · Σ spectrum[k]·e^(+2πi·(j·k/n)) over the whole spectrum, of which the half given is taken to be the lower:
    /// the inverse of <see cref="Forward"/>. Allocates nothing. Collective.</summary>
    /// <param name="spectrum">The wave numbers of <see cref="Spectrum"/>; stays as it is. What no real field has, an imaginary part of a sum
    /// over a real line say, is left out.</param>
    /// <param name="field">The cells of <see cref="Field"/>; apart from <paramref name="spectrum"/>.</param>
    /// <exception cref="UsageException">As of <see cref="Forward"/>.</exception>
    public void Inverse(ReadOnlySpan<Complex> spectrum, Span<double> field) => Inverse(spectrum, field, default, default, default);

    /// <summary>The inverse of the spectrum times a factor that is a product of one along each dimension, applied while the lines are read;
    /// the field is real where a factor is the same for a wave number and its negative. Allocates nothing. Collective.</summary>
    /// <param name="planeWeights">A factor for each wave number along planes, or none.</param>
    /// <param name="rowWeights">Along rows.</param>
    /// <param name="columnWeights">Along columns, from 0 to columns/2.</param>
    /// <inheritdoc cref="Inverse(ReadOnlySpan{Complex},Span{double})"/>
    public void Inverse(ReadOnlySpan<Complex> spectrum, Span<double> field, ReadOnlySpan<double> planeWeights, ReadOnlySpan<double> rowWeights, ReadOnlySpan<double> columnWeights)
    {
        Check(field, spectrum);
        fixed (Complex* from = spectrum)
        fixed (double* to = field)
            pencils.Inverse(from, to, planeWeights, rowWeights, columnWeights);
    }

    private void Check(ReadOnlySpan<double> field, ReadOnlySpan<Complex> spectrum)
    {
        PencilTransform.Check(field.Length, Field, "field");
        PencilTransform.Check(spectrum.Length, Spectrum, "spectrum");
        if (field.Overlaps(MemoryMarshal.Cast<Complex, double>(spectrum)))
            throw new UsageException("a real field and its half spectrum share memory: they need buffers of their own, for they differ in size");
    }

    /// <summary>Collective.</summary>
    public void Dispose() => pencils.Dispose();
}
