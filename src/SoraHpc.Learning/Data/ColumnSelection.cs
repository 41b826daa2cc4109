using SoraHpc.Communication;
using SoraHpc.Solvers.Sorting;

namespace SoraHpc.Learning.Data;

/// <summary>Elements of sorted columns, found without sorting: eleven bits of their keys at a time by a histogram of all ranks, six passes over the particles. What
/// is held does not grow with the rows, and counts are whole numbers: the same on any ranks.</summary>
internal sealed class ColumnSelection
{
    // Two histograms of a column are 32 kB; of wide tables so many columns are looked at together.
    private const int DigitBits = 11, Bins = 1 << DigitBits, Neighbours = 2, ColumnsTogether = 256;

    private readonly int first, end;
    private readonly double[]? centres;
    private readonly long[] histograms;
    private readonly ulong[] prefixes;          // the leading bits of the keys wanted, two a column
    private readonly long[] places;             // of those among the elements with these leading bits

    private ColumnSelection(int first, int end, double[]? centres)
    {
        (this.first, this.end, this.centres) = (first, end, centres);
        int wanted = Neighbours * (end - first);
        (histograms, prefixes, places) = (new long[wanted * Bins], new ulong[wanted], new long[wanted]);
    }

    /// <summary>A quantile of every column, or of its numbers' distances from a centre. Collective.</summary>
    internal static double[] Quantiles(Communicator ranks, IEnumerable<DataParticle> particles, double share, double[]? centres)
    {
        double[] quantiles = new double[particles.First().Columns.Count];
        for (int first = 0; first < quantiles.Length; first += ColumnsTogether)
            new ColumnSelection(first, Math.Min(first + ColumnsTogether, quantiles.Length), centres).Find(ranks, particles, share, quantiles);
        return quantiles;
    }

    private void Find(Communicator ranks, IEnumerable<DataParticle> particles, double share, double[] quantiles)
    {
        double[] fractions = new double[end - first];
        for (int known = 0; known < 64; known += DigitBits)
        {
            int bits = Math.Min(DigitBits, 64 - known), shift = 64 - known - bits;
            Array.Clear(histograms);
            ColumnStatistics.ForEach(particles, (column, values) => Count(column, values, known, shift));
            ranks.Allreduce<long>(histograms, ReduceOperation.Sum);
            if (known == 0)
                SetPlaces(share, fractions);
            for (int i = 0; i < places.Length; i++)
                Narrow(i, bits);
        }
        for (int column = first; column < end; column++)
        {
            int i = Neighbours * (column - first);
            (double low, double high) = (FloatKey.ToDouble(prefixes[i]), FloatKey.ToDouble(prefixes[i + 1]));
            quantiles[column] = places[i] < 0 ? double.NaN : low == high ? low : low + fractions[column - first] * (high - low);
        }
    }

    // 8 B read a number, and one counter moved: both histograms of a column are in the first-level cache.
    private void Count(int column, ReadOnlySpan<double> values, int known, int shift)
    {
        if (column < first || column >= end)
            return;
        int i = Neighbours * (column - first);
        Span<long> low = histograms.AsSpan(i * Bins, Bins), high = histograms.AsSpan((i + 1) * Bins, Bins);
        (ulong lowPrefix, ulong highPrefix) = (prefixes[i], prefixes[i + 1]);
        foreach (double value in values)
        {
            double number = centres is null ? value : Math.Abs(value - centres[column]);
            ulong key = FloatKey.Of(in number), leading = known == 0 ? 0 : key >> 64 - known;
            int digit = (int)(key >> shift) & (known + DigitBits > 64 ? (1 << 64 - known) - 1 : Bins - 1);
            if (leading == lowPrefix)
                low[digit]++;
            if (leading == highPrefix)
                high[digit]++;
        }
    }

    private void SetPlaces(double share, double[] fractions)
    {
        for (int i = 0; i < places.Length; i += Neighbours)
        {
            long count = 0;
            foreach (long each in histograms.AsSpan(i * Bins, Bins))
                count += each;
            double place = share * (count - 1);
            places[i] = count == 0 ? -1 : (long)place;
            places[i + 1] = Math.Min(places[i] + 1, count - 1);
            fractions[i / Neighbours] = place - places[i];
        }
    }

    private void Narrow(int i, int bits)
    {
        ReadOnlySpan<long> histogram = histograms.AsSpan(i * Bins, Bins);
        int digit = 0;
        while (places[i] >= histogram[digit] && digit < Bins - 1)
            places[i] -= histogram[digit++];
        prefixes[i] = prefixes[i] << bits | (uint)digit;
    }
}
