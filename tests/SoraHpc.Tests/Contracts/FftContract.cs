using System.Numerics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Npb;
using SoraHpc.Jobs.Npb.Ft;
using SoraHpc.Solvers.Fft;

namespace SoraHpc.Tests.Contracts;

/// <summary>What distributed transforms must do on every transport.</summary>
public abstract partial class FftContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    private static IEnumerable<Extent> Extents() => [new(8, 8, 8), new(7, 9, 13), new(5, 11, 4), new(30, 17)];

    [Test]
    public void Spectrum_has_the_bits_of_one_rank_however_it_is_cut([Sizes] int size, [ValueSource(nameof(Extents))] Extent extent, [Values] FftDecomposition cut) => OnEveryRank(size, comm =>
    {
        Complex[] whole = Whole(extent), expected = new Complex[whole.Length], back = new Complex[whole.Length];
        using (Communicator self = comm.Self())
        using (DistributedFft alone = new(self, extent))
        {
            alone.Forward(whole, expected);
            alone.Inverse(expected, back);
        }
        using DistributedFft fft = new(comm, extent, new() { Decomposition = cut });
        Complex[] field = Part(whole, extent, fft.Field), kept = [.. field], spectrum = new Complex[fft.Spectrum.Cells];
        fft.Forward(field, spectrum);
        Assert.That(field, Is.EqualTo(kept).AsCollection, "the field stays");
        Assert.That(spectrum, Is.EqualTo(Part(expected, extent, fft.Spectrum)).AsCollection, $"rank {comm.Rank}: {fft.Spectrum}");
        fft.Inverse(spectrum, field);
        Assert.That(field, Is.EqualTo(Part(back, extent, fft.Field)).AsCollection, $"rank {comm.Rank}: {fft.Field}");
        Assert.That(field.Zip(kept, (a, b) => (a - b).Magnitude).Max(), Is.LessThan(1e-14), "and is the field again");
        Assert.That(comm.Allreduce(fft.Field.Cells, ReduceOperation.Sum), Is.EqualTo(extent.Cells));
        Assert.That(comm.Allreduce(fft.Spectrum.Cells, ReduceOperation.Sum), Is.EqualTo(extent.Cells));
    });

    [Test]
    public void Weights_are_a_factor_along_each_dimension([Sizes] int size, [Values] FftDecomposition cut) => OnEveryRank(size, comm =>
    {
        Extent extent = new(6, 5, 8);
        using DistributedFft fft = new(comm, extent, new() { Decomposition = cut });
        Complex[] spectrum = Part(Whole(extent), extent, fft.Spectrum), weighted = new Complex[spectrum.Length], field = new Complex[fft.Field.Cells], expected = new Complex[field.Length];
        double[] planes = [1, 0.5, 0.25, 2, 4, 1], rows = [2, 1, 0.5, 1, 2], columns = [1, 2, 4, 8, 0.5, 0.25, 1, 1];
        int at = 0;
        foreach (Cell k in fft.Spectrum.CellsInOrder())
            weighted[at] = spectrum[at++] * (planes[k.Plane] * rows[k.Row] * columns[k.Column]);
        fft.Inverse(weighted, expected);
        fft.Inverse(spectrum, field, planes, rows, columns);
        Assert.That(field.Zip(expected, (a, b) => (a - b).Magnitude).Max(), Is.LessThan(1e-14));
    });

    [Test]
    public void Line_has_the_bits_of_one_rank([Sizes] int size, [Values(16, 60, 1024, 1001)] int length, [Values] SpectrumOrder order) => OnEveryRank(size, comm =>
    {
        Complex[] whole = Whole(new Extent(1, length)), expected = new Complex[length], back = new Complex[length];
        using (Communicator self = comm.Self())
        using (DistributedLineFft alone = new(self, length))
        {
            alone.Forward(whole, expected);
            alone.Inverse(expected, back);
        }
        using FftPlan plan = new(length);
        Complex[] direct = new Complex[length];
        plan.Forward(whole, direct);
        Assert.That(expected.Zip(direct, (a, b) => (a - b).Magnitude).Max(), Is.LessThan(1e-15 * length));

        using DistributedLineFft fft = new(comm, length, order);
        Complex[] field = [.. whole.Skip((int)fft.FieldBegin).Take(fft.FieldLength)], spectrum = new Complex[fft.SpectrumLength];
        fft.Forward(field, spectrum);
        Assert.That(spectrum, Is.EqualTo(Enumerable.Range(0, spectrum.Length).Select(i => expected[fft.WaveNumberOf(i)])).AsCollection);
        fft.Inverse(spectrum, field);
        Assert.That(field, Is.EqualTo(back.Skip((int)fft.FieldBegin).Take(fft.FieldLength)).AsCollection);
    });

    // Blocks for each other rank are above 128 KiB on up to four: at least two messages, of shares that differ.
    [Test]
    public void Exchange_in_pieces_has_the_bits_of_one_rank([Sizes] int size) => OnEveryRank(size, comm =>
    {
        Extent extent = new(34, 47, 96);
        Complex[] whole = Whole(extent), expected = new Complex[whole.Length], back = new Complex[whole.Length];
        using (Communicator self = comm.Self())
        using (DistributedFft alone = new(self, extent))
        {
            alone.Forward(whole, expected);
            alone.Inverse(expected, back);
        }
        using DistributedFft fft = new(comm, extent);
        Complex[] field = new Complex[fft.Field.Cells], spectrum = new Complex[fft.Spectrum.Cells];
        for (int turn = 0; turn < 2; turn++)
        {
            Part(whole, extent, fft.Field).CopyTo(field, 0);
            fft.Forward(field, spectrum);
            Assert.That(spectrum.AsSpan().SequenceEqual(Part(expected, extent, fft.Spectrum)), $"rank {comm.Rank}, spectrum");
            fft.Inverse(spectrum, field);
            Assert.That(field.AsSpan().SequenceEqual(Part(back, extent, fft.Field)), $"rank {comm.Rank}, field");
        }
    });

    [Test]
    public void Repeated_transforms_allocate_nothing([Values(1, 2)] int size, [Values] bool inPieces) => OnEveryRank(size, comm =>
    {
        using DistributedFft fft = new(comm, inPieces ? new Extent(34, 47, 96) : new Extent(8, 8, 8));
        using DistributedLineFft line = new(comm, 64);
        Complex[] field = new Complex[fft.Field.Cells], spectrum = new Complex[fft.Spectrum.Cells], part = new Complex[line.FieldLength], waves = new Complex[line.SpectrumLength];
        long least = Allocations.Least(() =>
        {
            fft.Forward(field, spectrum);
            fft.Inverse(spectrum, field);
            line.Forward(part, waves);
            line.Inverse(waves, part);
        });
        Assert.That(least, Is.Zero);
    });

    [Test]
    public void Lengths_that_cannot_be_split_are_refused_in_one_line() => OnEveryRank(3, comm =>
    {
        Refused(() => new DistributedLineFft(comm, 101), "an FFT of length 101 cannot be split over 3 ranks: its factors nearest to each other are 1 × 101, and every rank needs a share of both");
        Refused(() => new DistributedFft(comm, new Extent(2, 8)), "an FFT of 2 × 8 cannot be split over 3 ranks: at most 2 can have a row and a column each");
        Refused(() => new DistributedFft(comm, new Extent(2, 2, 2)), "an FFT of 2 × 2 × 2 cannot be split over 3 ranks: no two factors of 3 are at most 2 and 2");
        Refused(() => new DistributedFft(comm, new Extent(2, 9, 9), new() { Decomposition = FftDecomposition.Slab }),
            "an FFT of 2 × 9 × 9 cannot be split into slabs over 3 ranks: at most 2; pencils reach further");
    });

    [Test]
    public void Buffer_of_another_length_is_refused() => OnEveryRank(1, comm =>
    {
        using DistributedFft fft = new(comm, new Extent(4, 4, 4));
        Assert.That(() => fft.Forward(new Complex[63], new Complex[64]), Throws.TypeOf<UsageException>().With.Message.StartsWith("the field holds 63 numbers"));
    });

    [Test]
    public void Npb_kernel_has_the_published_checksums([Sizes] int size, [Values(NpbClass.S, NpbClass.W)] NpbClass problem) => OnEveryRank(size, comm =>
    {
        NpbResult result = new FtKernel().Run(comm, problem);
        Assert.That(result.Quantities, Has.Count.EqualTo(12));
        Assert.That(result.IsVerified, NpbSummary.Render(result));
    });

    private static void Refused(TestDelegate make, string message) =>
        Assert.That(make, Throws.TypeOf<UsageException>().With.Message.EqualTo(message));

    private static Complex[] Whole(Extent extent)
    {
        Random random = new(11);
        return [.. Enumerable.Range(0, (int)extent.Cells).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
    }

    private static T[] Part<T>(T[] whole, Extent extent, Block block) =>
        [.. block.CellsInOrder().Select(cell => whole[(cell.Plane * extent.Rows + cell.Row) * extent.Columns + cell.Column])];
}
