using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Streams;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.Learning.Streams;

public sealed class SlidingWindowTests
{
    [Test]
    public void What_has_left_leaves_no_trace()
    {
        SlidingWindow window = new(isSorted: true);
        for (int i = 0; i < 100; i++)
            window.Push(i, i % 2 == 0 ? 1e300 : -1e12);
        for (int i = 100; i < 103; i++)
            window.Push(i, i - 101);
        window.LeaveBefore(100);

        Assert.That(window.Moments, Is.EqualTo(new Moments(3, 0, 2, -1, 1)));
        Assert.That((window.Count, window.Quantile(0.5)), Is.EqualTo((3, 0.0)));
    }

    [Test]
    public void It_is_a_plain_rescan_whatever_comes_and_goes([Values(1, 7, 100)] int most)
    {
        SlidingWindow window = new(isSorted: true);
        Queue<double> plain = [];
        RandomSequence random = new(11, 4);
        for (int i = 0; i < 3000; i++)
        {
            double value = Math.Round(20 * random.UniformAt(2 * i)) / 4;        // ties
            window.Push(i, value);
            plain.Enqueue(value);
            while (plain.Count > most * random.UniformAt(2 * i + 1))
                plain.Dequeue();
            window.LeaveBefore(i + 1 - plain.Count);

            Assert.That(window.Count, Is.EqualTo(plain.Count));
            if (plain.Count == 0)
                continue;
            Assert.That((window.Moments.Minimum, window.Moments.Maximum), Is.EqualTo((plain.Min(), plain.Max())));
            Assert.That(window.Moments.Mean, Is.EqualTo(plain.Average()).Within(1e-14 * 5 * plain.Count));
            Assert.That(window.Quantile(1), Is.EqualTo(plain.Max()));
            Assert.That(window.Quantile(0), Is.EqualTo(plain.Min()));
        }
    }

    [Test]
    public void A_full_window_takes_numbers_without_allocating()
    {
        SlidingWindow window = new(isSorted: true);
        void Fill(int from)
        {
            for (int i = from; i < from + 2000; i++)
            {
                window.Push(i, i * 7919 % 104729);
                window.LeaveBefore(i - 999);
            }
        }
        Fill(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill(2000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Wrong_use_is_told_in_one_line()
    {
        SlidingWindow window = new(isSorted: false);
        window.Push(5, 1);
        Assert.That(() => window.Push(4, 1), Throws.TypeOf<SoraException>().With.Message.StartsWith("1 at 4 cannot come next"));
        Assert.That(() => window.Push(6, double.NaN), Throws.TypeOf<SoraException>());
        Assert.That(() => window.Quantile(0.5), Throws.TypeOf<UsageException>());
        Assert.That(() => new WindowSpan(10, 11), Throws.TypeOf<UsageException>().With.Message.StartsWith("windows of 10 every 11"));
    }
}
