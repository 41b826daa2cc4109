using System.Numerics;
using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Fft;
using SoraHpc.Solvers.Fft.Kernels;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Fft;

public sealed unsafe class LocalFftTests
{
    private static IEnumerable<int> Lengths() => [.. Enumerable.Range(1, 40), 49, 60, 64, 97, 100, 105, 121, 127, 128, 210, 243, 256, 343, 480, 509, 512];

    // Each pass rounds to within 6.7 ulps of the norm; there are at most log₂ n (Higham, Accuracy and Stability, theorem 24.2). A
    // convolution is three transforms of up to twice the length with a chirp whose spectrum is at most four times its mean.
    private static double Bound(int length)
    {
        const double Unit = 1.1102230246251565e-16;
        return FftTables.Has(length) ? 6.7 * Unit * (1 + Math.Log2(length)) : 4 * 6.7 * Unit * 3 * (2 + Math.Log2(length));
    }

    [TestCaseSource(nameof(Lengths))]
    public void Transform_is_the_definition_within_the_bound(int length)
    {
        Complex[] field = DecimalDft.Field(length, seed: length), spectrum = new Complex[length];
        using FftPlan plan = new(length);

        plan.Forward(field, spectrum);

        Assert.That(DecimalDft.Error(spectrum, DecimalDft.Transform(field)), Is.LessThan(Bound(length)));
    }

    [TestCaseSource(nameof(Lengths))]
    public void Every_width_and_layout_has_the_bits_of_one_lane(int length)
    {
        const int Count = 15;                                   // 8 + 4 + 2 + 1
        Complex[] field = DecimalDft.Field(length * Count, seed: 7), expected = new Complex[field.Length], actual = new Complex[field.Length];
        Complex[] beside = new Complex[field.Length];
        using FftPlan oracle = new(length, lanes: 1);
        oracle.Forward(field, expected);
        foreach (int lanes in (int[])[2, 4, 8])
        {
            using FftPlan plan = new(length, lanes);
            plan.Forward(field, actual);
            Assert.That(actual, Is.EqualTo(expected).AsCollection, $"{lanes} lanes, end to end");
            Exchange(field, Count, length, beside);
            fixed (Complex* at = beside)
                plan.Transform(FftDirection.Forward, FftLines.SideBySide(Count, Count), at, at);
            Exchange(beside, length, Count, actual);
            Assert.That(actual, Is.EqualTo(expected).AsCollection, $"{lanes} lanes, side by side");
            fixed (Complex* from = field, to = beside)
                plan.Transform(FftDirection.Forward, new FftLines(Count, 1, length, Count, 1), from, to);
            Exchange(beside, length, Count, actual);
            Assert.That(actual, Is.EqualTo(expected).AsCollection, $"{lanes} lanes, end to end into side by side");
        }
    }

    [TestCaseSource(nameof(Lengths))]
    public void Inverse_gives_back_the_field(int length)
    {
        Complex[] field = DecimalDft.Field(length * 3, seed: 1), spectrum = new Complex[field.Length], back = new Complex[field.Length];
        using FftPlan plan = new(length);
        plan.Forward(field, spectrum);
        plan.Inverse(spectrum, back);
        Assert.That(DecimalDft.Error(back, field), Is.LessThan(2 * Bound(length)));
    }

    [Test]
    public void Spectrum_has_the_energy_of_the_field_times_the_length([Values(12, 101, 480)] int length)
    {
        Complex[] field = DecimalDft.Field(length, seed: 3), spectrum = new Complex[length];
        using FftPlan plan = new(length);
        plan.Forward(field, spectrum);
        double energy = spectrum.Sum(x => x.Real * x.Real + x.Imaginary * x.Imaginary), expected = length * field.Sum(x => x.Real * x.Real + x.Imaginary * x.Imaginary);
        Assert.That(energy / expected - 1, Is.Zero.Within(2 * Bound(length)));
    }

    [Test]
    public void Shifted_field_has_the_turned_spectrum([Values(35, 64, 97)] int length)
    {
        const int Shift = 5;
        Complex[] field = DecimalDft.Field(length, seed: 4), shifted = [.. Enumerable.Range(0, length).Select(j => field[(j + Shift) % length])];
        Complex[] spectrum = new Complex[length], turned = new Complex[length];
        using FftPlan plan = new(length);
        plan.Forward(field, spectrum);
        plan.Forward(shifted, turned);
        for (int k = 0; k < length; k++)
            spectrum[k] *= Complex.FromPolarCoordinates(1.0, 2 * Math.PI * (Shift * k % length) / length);
        Assert.That(DecimalDft.Error(turned, spectrum), Is.LessThan(2 * Bound(length) + 1e-15));
    }

    [Test]
    public void Columns_of_a_large_matrix_have_the_bits_of_lines_one_by_one([Values(100, 101)] int length, [Values(false, true)] bool inPlace)
    {
        const int Columns = 1030;                               // tiles of 64 and a rest of 6: over 1 MiB together
        Complex[] matrix = DecimalDft.Field(length * Columns, seed: 5), result = inPlace ? (Complex[])matrix.Clone() : new Complex[matrix.Length];
        Complex[] lines = new Complex[matrix.Length], expected = new Complex[matrix.Length], actual = new Complex[matrix.Length];
        double[] weights = [.. Enumerable.Range(0, length).Select(k => 1.0 / (k + 1))];
        using FftPlan plan = new(length);
        Exchange(matrix, length, Columns, lines);
        fixed (Complex* from = inPlace ? result : matrix, to = result, line = lines, right = expected)
        {
            plan.Transform(FftDirection.Inverse, FftLines.SideBySide(Columns, Columns), from, to, weights);
            plan.Transform(FftDirection.Inverse, FftLines.EndToEnd(Columns, length), line, right, weights);
        }
        Exchange(result, length, Columns, actual);
        Assert.That(actual, Is.EqualTo(expected).AsCollection);
    }

    [Test]
    public void Roots_of_unity_are_accurate_to_the_last_bit()
    {
        foreach (long n in (long[])[1, 3, 8, 100, 257, 1 << 20])
            for (long k = 0; k < n; k += 1 + n / 97)
            {
                (double cos, double sin) = Roots.Of(k, n);
                (decimal right, decimal negative) = DecimalDft.Root(k, n);
                Assert.That(Math.Abs((double)((decimal)0 + ToDecimal(cos) - right)), Is.LessThan(1.2e-16), $"cos {k}/{n}");
                Assert.That(Math.Abs((double)(ToDecimal(sin) + negative)), Is.LessThan(1.2e-16), $"sin {k}/{n}");
            }
    }

    [Test]
    public void Transforms_allocate_nothing()
    {
        Complex[] field = new Complex[3 * 1000], other = new Complex[3 * 1000];
        using FftPlan smooth = new(1000), prime = new(997);
        long least = Allocations.Least(() =>
        {
            smooth.Forward(field, other);
            smooth.Inverse(other, field);
            prime.Forward(field.AsSpan(0, 997), other.AsSpan(0, 997));
        });
        Assert.That(least, Is.Zero);
    }

    [Test]
    public void Fftw_agrees([Values(1, 16, 60, 101)] int length)
    {
        if (!FftwPlan.IsAvailable)
            Assert.Ignore("libfftw3.so.3 is not installed");
        const int Count = 9;
        Complex[] field = DecimalDft.Field(length * Count, seed: 6), own = new Complex[field.Length], theirs = new Complex[field.Length];
        double[] weights = [.. Enumerable.Range(0, length).Select(k => 0.5 + k)];
        using FftPlan plan = new(length);
        using FftwPlan fftw = new(length);
        foreach (FftLines lines in (FftLines[])[FftLines.EndToEnd(Count, length), FftLines.SideBySide(Count, Count)])
            foreach (double[] factors in (double[][])[[], weights])
                foreach (FftDirection direction in Enum.GetValues<FftDirection>())
                    fixed (Complex* from = field, to = own, other = theirs)
                    {
                        plan.Transform(direction, lines, from, to, factors);
                        fftw.Transform(direction, lines, from, other, factors);
                        Assert.That(DecimalDft.Error(own, theirs), Is.LessThan(1e-14), $"{direction} {lines}");
                    }
    }

    [TestCaseSource(nameof(Lengths))]
    public void Real_lines_are_the_definition_at_every_width_with_the_bits_of_one_lane(int length)
    {
        const int Count = 15;
        double[] field = [.. DecimalDft.Field(length * Count, seed: length).Select(number => number.Real)], back = new double[field.Length], expected = new double[field.Length];
        using RealFftPlan oracle = new(length, lanes: 1);
        int waves = oracle.WaveNumbers;
        Complex[] spectrum = new Complex[waves * Count], actual = new Complex[spectrum.Length];
        oracle.Forward(field, spectrum);
        oracle.Inverse(spectrum, expected);
        Complex[] definition = DecimalDft.Transform([.. field.Take(length).Select(number => new Complex(number, 0))]);
        // A convolution's error is of the padded length; telling two halves apart doubles what is there at most.
        Assert.That(DecimalDft.Error(spectrum.AsSpan(0, waves), definition.AsSpan(0, waves)), Is.LessThan(2 * Math.Max(Bound(length), Bound(Math.Max(1, length / 2)))));
        Assert.That(expected.Zip(field, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-14));
        foreach (int lanes in (int[])[2, 4, 8])
        {
            using RealFftPlan plan = new(length, lanes);
            plan.Forward(field, actual);
            Assert.That(actual, Is.EqualTo(spectrum).AsCollection, $"{lanes} lanes");
            plan.Inverse(actual, back);
            Assert.That(back, Is.EqualTo(expected).AsCollection, $"{lanes} lanes, back");
        }
    }

    [Test]
    public void Wrong_lengths_are_refused()
    {
        Assert.That(() => new FftPlan(0), Throws.TypeOf<UsageException>().With.Message.EqualTo("an FFT of length 0: it must be between 1 and 67108864"));
        using FftPlan plan = new(8);
        Assert.That(() => plan.Forward(new Complex[12], new Complex[12]), Throws.TypeOf<UsageException>().With.Message.Contains("whole number of lines"));
    }

    private static decimal ToDecimal(double value)
    {
        long units = (long)(value * (1L << 53));                // exact for values in [−1, 1] above 2⁻⁵³
        return units / 9007199254740992m + (decimal)(value - units / 9007199254740992.0);
    }

    private static void Exchange(Complex[] from, int rows, int columns, Complex[] to)
    {
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                to[column * rows + row] = from[row * columns + column];
    }
}
