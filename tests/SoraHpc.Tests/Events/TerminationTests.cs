using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Runtime.Events;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Events;

/// <summary>Termination detection under random delays: never early, never stuck; and wrong detectors that these same runs must catch.</summary>
public sealed class TerminationTests
{
    private const int Worlds = 50, RunsPerWorld = 5;        // with four numbers of ranks: 1,000 runs
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly int FirstSeed = Environment.TickCount & 0xFFFFFF;

    [Test]
    public void Run_ends_when_all_is_done_and_not_before([Values(2, 3, 4, 7)] int ranks)
    {
        for (int world = 0; world < Worlds; world++)
            Assert.That(Verdict(ranks, FirstSeed + world, TerminationDetector.FourCounter), Is.Null);
    }

    /// <summary>All ranks were passive once; counts not looked at.</summary>
    private static bool AllPassiveOnce(WaveCount earlier, WaveCount later) => true;

    /// <summary>As many received as sent, in one wave: two messages may have crossed it.</summary>
    private static bool OneWave(WaveCount earlier, WaveCount later) => later.Sent == later.Received;

    [TestCase(nameof(AllPassiveOnce))]
    [TestCase(nameof(OneWave))]
    public void Wrong_detector_is_caught(string detector)
    {
        Func<WaveCount, WaveCount, bool> rule = detector == nameof(OneWave) ? OneWave : AllPassiveOnce;
        for (int seed = 1; seed <= 20 * Worlds; seed++)
            if (Verdict(2 + seed % 6, seed, rule) is not null)
            {
                TestContext.Out.WriteLine($"caught after {seed} worlds");
                return;
            }
        Assert.Fail("these runs do not tell a wrong detector from a right one");
    }

    // Threads deliver at once, so no run above has a message under way for as long as two waves.
    [TestCase(5, 4, 5, 4, false, Description = "one message under way through both waves")]
    [TestCase(4, 4, 5, 5, false, Description = "sent and received between the waves")]
    [TestCase(4, 5, 6, 6, false, Description = "two messages crossed the first wave")]
    [TestCase(-1, -1, 0, 0, false, Description = "no wave before")]
    [TestCase(0, 0, 0, 0, true)]
    [TestCase(7, 7, 7, 7, true)]
    public void Run_has_ended_when_the_second_wave_has_sent_what_the_first_received(long sent, long received, long sentLater, long receivedLater, bool ended) =>
        Assert.That(TerminationDetector.FourCounter(new(sent, received), new(sentLater, receivedLater)), Is.EqualTo(ended));

    /// <summary>What is wrong with the runs of one world, or null.</summary>
    private static string? Verdict(int ranks, int seed, Func<WaveCount, WaveCount, bool> rule)
    {
        string? wrong = null;
        Task world = Task.Run(() => ThreadWorld.Run(ranks, comm =>
        {
            string? found = SeedTreeRank.Run(comm, seed, RunsPerWorld, rule);
            if (comm.IsRoot)
                wrong = found;
        }));
        if (!world.Wait(Limit))
            return $"stuck: {ranks} ranks, seed {seed}";
        return wrong is null ? null : $"{wrong}: {ranks} ranks, seed {seed}";
    }
}
