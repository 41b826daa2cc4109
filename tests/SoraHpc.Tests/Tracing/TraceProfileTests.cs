using NUnit.Framework;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Tests.Tracing;

public sealed class TraceProfileTests
{
    [Test]
    public void Bins_hold_what_counting_every_tick_gives([Values(1, 3, 40)] int longest)
    {
        const long origin = 77;
        var random = new Random(5);
        var profile = new TraceProfile(origin, width: 4);
        List<ActivityKind> ticks = [];
        while (ticks.Count < 6000 * longest)
        {
            var kind = (ActivityKind)random.Next(TraceProfile.Kinds);
            int length = random.Next(2 * longest);
            profile.Add(kind, origin + ticks.Count, origin + ticks.Count + length);
            ticks.AddRange(Enumerable.Repeat(kind, length));
        }

        Assert.That(profile.Used, Is.EqualTo((ticks.Count + profile.Width - 1) / profile.Width).And.InRange(TraceProfile.Bins / 2, TraceProfile.Bins));
        for (int bin = 0; bin < TraceProfile.Bins; bin++)
            for (int kind = 0; kind < TraceProfile.Kinds; kind++)
                Assert.That(profile[bin, (ActivityKind)kind], Is.EqualTo(ticks.Skip(bin * (int)profile.Width).Take((int)profile.Width).Count(k => k == (ActivityKind)kind)));
    }

    [Test]
    public void One_span_of_years_ends_up_in_bins_that_hold_it()
    {
        var profile = new TraceProfile(0, 1_000_000);
        profile.Add(ActivityKind.Wait, 0, 1L << 58);

        Assert.That(Enumerable.Range(0, TraceProfile.Bins).Sum(bin => profile[bin, ActivityKind.Wait]), Is.EqualTo(1L << 58));
    }
}
