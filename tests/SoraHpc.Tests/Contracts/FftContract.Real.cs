using System.Numerics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Fft;

namespace SoraHpc.Tests.Contracts;

public abstract partial class FftContract
{
    private static IEnumerable<Extent> RealExtents() => [new(8, 8, 8), new(7, 9, 13), new(5, 11, 6), new(30, 17), new(9, 22)];

    [Test]
    public void Half_spectrum_has_the_bits_of_one_rank_however_it_is_cut([Sizes] int size, [ValueSource(nameof(RealExtents))] Extent extent, [Values] FftDecomposition cut) => OnEveryRank(size, comm =>
    {
        Extent half = new(extent.Planes, extent.Rows, extent.Columns / 2 + 1);
        double[] whole = [.. Whole(extent).Select(number => number.Real)], back = new double[whole.Length];
        Complex[] expected = new Complex[half.Cells];
        using (Communicator self = comm.Self())
        using (DistributedRealFft alone = new(self, extent))
        {
            alone.Forward(whole, expected);
            alone.Inverse(expected, back);
        }
        using DistributedRealFft fft = new(comm, extent, new() { Decomposition = cut });
        double[] field = Part(whole, extent, fft.Field), kept = [.. field];
        Complex[] spectrum = new Complex[fft.Spectrum.Cells];
        fft.Forward(field, spectrum);
        Assert.That(field, Is.EqualTo(kept).AsCollection, "the field stays");
        Assert.That(spectrum, Is.EqualTo(Part(expected, half, fft.Spectrum)).AsCollection, $"rank {comm.Rank}: {fft.Spectrum}");
        fft.Inverse(spectrum, field);
        Assert.That(spectrum, Is.EqualTo(Part(expected, half, fft.Spectrum)).AsCollection, "the spectrum stays");
        Assert.That(field, Is.EqualTo(Part(back, extent, fft.Field)).AsCollection, $"rank {comm.Rank}: {fft.Field}");
        Assert.That(field.Zip(kept, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-14), "and is the field again");
        Assert.That(comm.Allreduce(fft.Spectrum.Cells, ReduceOperation.Sum), Is.EqualTo(half.Cells));
    });

    [Test]
    public void Half_spectrum_is_that_of_complex_numbers_without_imaginary_parts([Sizes] int size, [ValueSource(nameof(RealExtents))] Extent extent) => OnEveryRank(size, comm =>
    {
        Extent half = new(extent.Planes, extent.Rows, extent.Columns / 2 + 1);
        Complex[] whole = [.. Whole(extent).Select(number => new Complex(number.Real, 0))], all = new Complex[whole.Length];
        using (Communicator self = comm.Self())
        using (DistributedFft alone = new(self, extent))
            alone.Forward(whole, all);
        using DistributedRealFft fft = new(comm, extent);
        Complex[] spectrum = new Complex[fft.Spectrum.Cells];
        fft.Forward(Part([.. whole.Select(number => number.Real)], extent, fft.Field), spectrum);
        // Both are within 6.7 u·log₂ N of the definition, in the norm; no number is above the norm.
        double norm = Math.Sqrt(all.Sum(x => x.Real * x.Real + x.Imaginary * x.Imaginary));
        Assert.That(spectrum.Zip(Part(all, extent, fft.Spectrum), (a, b) => (a - b).Magnitude).Max(), Is.LessThan(2 * 6.7 * 1.2e-16 * (1 + Math.Log2(extent.Cells)) * norm));
    });

    [Test]
    public void Weights_are_a_factor_along_each_dimension_of_half_a_spectrum([Sizes] int size, [Values(7, 8)] int across) => OnEveryRank(size, comm =>
    {
        Extent extent = new(6, 5, across);
        using DistributedRealFft fft = new(comm, extent);
        double[] field = Part([.. Whole(extent).Select(number => number.Real)], extent, fft.Field), expected = new double[field.Length];
        Complex[] spectrum = new Complex[fft.Spectrum.Cells], weighted = new Complex[spectrum.Length];
        double[] planes = [1, 0.5, 0.25, 2, 0.25, 0.5], rows = [2, 1, 0.5, 0.5, 1], columns = [.. Enumerable.Range(0, across / 2 + 1).Select(k => 1.0 / (1 + k))];
        fft.Forward(field, spectrum);
        int at = 0;
        foreach (Cell k in fft.Spectrum.CellsInOrder())
            weighted[at] = spectrum[at++] * (planes[k.Plane] * rows[k.Row] * columns[k.Column]);
        fft.Inverse(weighted, expected);
        fft.Inverse(spectrum, field, planes, rows, columns);
        Assert.That(field.Zip(expected, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-14));
    });

    [Test]
    public void Real_transforms_allocate_nothing([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        using DistributedRealFft fft = new(comm, new Extent(8, 8, 8));
        double[] field = new double[fft.Field.Cells];
        Complex[] spectrum = new Complex[fft.Spectrum.Cells];
        long least = Allocations.Least(() =>
        {
            fft.Forward(field, spectrum);
            fft.Inverse(spectrum, field);
        });
        Assert.That(least, Is.Zero);
    });

    [Test]
    public void Real_buffers_that_do_not_fit_are_refused() => OnEveryRank(1, comm =>
    {
        using DistributedRealFft fft = new(comm, new Extent(4, 4, 4));
        Complex[] spectrum = new Complex[48];
        Assert.That(() => fft.Forward(new double[64], new Complex[64]), Throws.TypeOf<UsageException>().With.Message.StartsWith("the spectrum holds 64 numbers"));
        Assert.That(() => fft.Forward(System.Runtime.InteropServices.MemoryMarshal.Cast<Complex, double>(spectrum)[..64], spectrum), Throws.TypeOf<UsageException>().With.Message.Contains("share memory"));
    });
}
