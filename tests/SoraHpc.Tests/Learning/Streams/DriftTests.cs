using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Streams;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.Learning.Streams;

/// <summary>How often detectors are wrong, and how late they are, beside what is published.</summary>
public sealed class DriftTests
{
    // Two-sided cumulative sum of normal numbers, tolerance ½ σ. Source: D. C. Montgomery, Introduction to Statistical Quality Control, 6th edition (2009), table 9.3.
    [TestCase(4, 0.0, 168)]
    [TestCase(5, 0.0, 465)]
    [TestCase(4, 1.0, 8.38)]
    [TestCase(5, 1.0, 10.4)]
    [TestCase(5, 2.0, 4.01)]
    public void Page_and_Hinkley_runs_are_as_long_as_published(double threshold, double shift, double published)
    {
        const int Runs = 3000;
        RandomSequence random = new(17, (ulong)(threshold + 100 * shift));
        PageHinkley detector = new(0.5, threshold, mean: 0);
        double sum = 0, squares = 0;
        long at = 0;
        double[] numbers = new double[4096];
        for (int run = 0; run < Runs; run++)
        {
            int length = 0;
            do
            {
                if (at % numbers.Length == 0)
                    random.FillNormal(at, numbers);
                length++;
            }
            while (!detector.Add(numbers[at++ % numbers.Length] + shift));
            (sum, squares) = (sum + length, squares + (double)length * length);
        }

        double mean = sum / Runs, deviation = Math.Sqrt(squares / Runs - mean * mean);
        Assert.That(mean, Is.EqualTo(published).Within(4 * deviation / Math.Sqrt(Runs) + 0.005 * published));     // 4 standard deviations, and three published digits
    }

    [Test]
    public void Page_and_Hinkley_learn_a_mean_that_is_not_given()
    {
        RandomSequence random = new(4, 9);
        PageHinkley detector = new(0.5, 12);
        Assert.That(Enumerable.Range(0, 2000).Any(i => detector.Add(40 + random.NormalAt(i))), Is.False);
        Assert.That(Enumerable.Range(2000, 30).Any(i => detector.Add(38 + random.NormalAt(i))), Is.True);
        Assert.That(detector.HasRisen, Is.False);
        Assert.That(detector.SinceChange, Is.InRange(4, 20));           // 12 at 1½ each; it may have begun some numbers before the change
    }

    [Test]
    public void Adwin_has_no_more_false_alarms_than_its_confidence([Values(0.05, 0.002)] double confidence, [Values(0.1, 0.5)] double mean)
    {
        long alarms = 0;
        for (ulong stream = 0; stream < 5; stream++)
        {
            RandomSequence random = new(23, stream);
            Adwin detector = new(confidence);
            for (int i = 0; i < 4000; i++)
                alarms += detector.Add(random.UniformAt(i) < mean ? 1 : 0) ? 1 : 0;
            Assert.That(detector.Mean, Is.EqualTo(mean).Within(0.05));
        }
        Assert.That(alarms, Is.LessThanOrEqualTo((long)(confidence * 5 * 4000)));
    }

    // The theorem's second half: as soon as the means of the parts before and after the change are more than 2ε apart the older part goes. Means are those
    // that were drawn. A window is only cut between its sums, which are at most a fifth of it apart: a fifth more is allowed.
    [Test]
    public void Adwin_finds_a_change_no_later_than_its_theorem_says([Values(0.2, 0.4, 0.7)] double shift)
    {
        const int Before = 1000;
        const double Confidence = 0.01;
        int bound = 1;
        while (2 * Math.Sqrt(Math.Log(4.0 * (Before + bound) / Confidence) / 2 * (1.0 / Before + 1.0 / bound)) >= shift)
            bound++;
        int late = 0;
        for (ulong stream = 0; stream < 20; stream++)
        {
            RandomSequence random = new(29, stream);
            Adwin detector = new(Confidence);
            for (int i = 0; i < Before; i++)
                detector.Add(random.UniformAt(i) < 0.1 ? 1 : 0);
            int delay = 0;
            while (delay < 10 * bound && !detector.Add(random.UniformAt(Before + delay) < 0.1 + shift ? 1 : 0))
                delay++;
            late += delay > 1.2 * bound ? 1 : 0;
            Assert.That(detector.HasRisen, Is.True);
            Assert.That(detector.SinceChange, Is.InRange(1, 2 * bound));
            if (delay < bound)
                for (int i = delay + 1; i < 4000; i++)
                    detector.Add(random.UniformAt(Before + i) < 0.1 + shift ? 1 : 0);
            Assert.That(detector.Mean, Is.EqualTo(0.1 + shift).Within(0.06));
        }
        Assert.That(late, Is.Zero);
    }

    [Test]
    public void Adwin_counts_what_it_holds_and_forgets_when_told()
    {
        Adwin detector = new();
        for (int i = 0; i < 1000; i++)
            detector.Add(i % 4 == 0 ? 1 : 0);
        Assert.That((detector.Count, detector.Mean), Is.EqualTo((1000L, 0.25)));
        detector.Reset();
        Assert.That(detector.Count, Is.Zero);
        Assert.That(() => detector.Add(2), Throws.TypeOf<UsageException>().With.Message.StartsWith("2 cannot be watched"));
        Assert.That(() => new Adwin(0), Throws.TypeOf<UsageException>());
        Assert.That(() => new PageHinkley(-1, 5), Throws.TypeOf<UsageException>());
    }
}
