using NUnit.Framework;
using SoraHpc.Learning.Explanations;

namespace SoraHpc.Tests.Learning.Explanations;

public sealed class RowPermutationTests
{
    [Test]
    public void Every_row_has_one_place_and_the_way_back_leads_to_it([Values(1, 2, 3, 7, 64, 65, 1000, 4097)] int rows)
    {
        RowPermutation permutation = new(rows, seed: 5, stream: 3);
        long[] places = [.. Enumerable.Range(0, rows).Select(row => permutation.At(row))];

        Assert.That(places.Order(), Is.EqualTo(Enumerable.Range(0, rows).Select(row => (long)row)).AsCollection);
        Assert.That(places.Select(permutation.From), Is.EqualTo(Enumerable.Range(0, rows).Select(row => (long)row)).AsCollection);
    }

    [Test]
    public void Rows_beyond_32_bits_are_found_too()
    {
        RowPermutation permutation = new(1L << 45, seed: 5, stream: 3);

        foreach (long row in (long[])[0, 1, (1L << 45) - 1, 123_456_789_012])
            Assert.That(permutation.From(permutation.At(row)), Is.EqualTo(row));
        Assert.That(permutation.At(1), Is.Not.EqualTo(permutation.At(0) + 1));
    }

    // Of 9 rows each of the 9 places, and each of the 72 pairs of places of two rows, is as likely as the others: χ² with 8 and 71 degrees of freedom is
    // below 27.9 and 121 in all but 5·10⁻⁴ and 2·10⁻⁴ of all cases. The streams are fixed, so this is so or not.
    [Test]
    public void Places_and_pairs_of_places_are_equally_likely()
    {
        const int Rows = 9, Streams = 7200;
        double[] places = new double[Rows], pairs = new double[Rows * Rows];
        for (ulong stream = 0; stream < Streams; stream++)
        {
            RowPermutation permutation = new(Rows, seed: 1, stream);
            places[permutation.At(4)]++;
            pairs[permutation.At(0) * Rows + permutation.At(1)]++;
        }

        Assert.That(ChiSquare(places, Streams / (double)Rows), Is.LessThan(27.9));
        Assert.That(ChiSquare(pairs.Where((_, pair) => pair / Rows != pair % Rows), Streams / 72.0), Is.LessThan(121));
    }

    private static double ChiSquare(IEnumerable<double> counts, double expected) => counts.Sum(count => (count - expected) * (count - expected) / expected);
}
