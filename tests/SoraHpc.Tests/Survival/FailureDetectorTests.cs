using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using SoraHpc.Communication.Survival.Detection;

namespace SoraHpc.Tests.Survival;

/// <summary>Many detectors on the loopback device of one process: deaths reach everybody, and all agree on the same set.</summary>
[NonParallelizable]
public sealed class FailureDetectorTests
{
    private static readonly (ulong, ulong) Run = (1, 2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Test]
    public void Death_reaches_everybody_and_all_living_agree_on_it([Values(2, 3, 8, 33)] int members)
    {
        using Ring ring = new(members);
        int victim = members / 2;

        ring.Kill(victim);
        (int generation, int[] living) = ring.Agree();

        Assert.That(generation, Is.EqualTo(1));
        Assert.That(living, Is.EqualTo(Enumerable.Range(0, members).Where(member => member != victim)));
    }

    /// <summary>Random deaths at random moments, also while the living agree on earlier ones.</summary>
    [Test]
    public void Random_deaths_are_agreed_on_alike_by_all([Range(1, 8)] int seed)
    {
        Random random = new(seed);
        using Ring ring = new(random.Next(4, 17));
        int generation = 0;
        for (int round = 0; round < 3 && ring.Living.Length > 2; round++)
        {
            int deaths = random.Next(1, Math.Min(4, ring.Living.Length - 1));
            for (int death = 0; death < deaths; death++)
            {
                ring.Kill(ring.Living[random.Next(ring.Living.Length)]);
                if (random.Next(2) == 0)
                    ring.MeetOnce();
            }
            (int next, int[] living) = ring.Agree();
            Assert.That(living, Is.EqualTo(ring.Living), $"round {round}");
            Assert.That(next, Is.GreaterThan(generation));
            generation = next;
            ring.Enter(next, living);
        }
    }

    [Test]
    public void Silence_is_a_death_too()
    {
        // The kernel takes the connection, and nobody ever speaks on it: a host that is gone looks the same.
        using Socket mute = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        mute.Bind(new IPEndPoint(IPAddress.Any, 0));
        mute.Listen();

        using Ring ring = new(2, silence: 400, DetectorAddress.Here(((IPEndPoint)mute.LocalEndPoint!).Port));

        Assert.That(ring.Agree().Living, Is.EqualTo((int[])[0, 1]));
    }

    [Test]
    public void Rank_that_hears_nothing_of_most_others_does_not_go_on()
    {
        using Socket mute = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        mute.Bind(new IPEndPoint(IPAddress.Any, 0));
        mute.Listen();
        DetectorAddress nowhere = DetectorAddress.Here(((IPEndPoint)mute.LocalEndPoint!).Port);

        using Ring ring = new(1, silence: 300, nowhere, nowhere);

        Ring.Until(() => ring.Expelled.Count > 0);
        Assert.That(ring.Expelled[0], Does.Contain("hears nothing of most others"));
    }

    [Test]
    public void Taking_leave_is_no_death()
    {
        using Ring ring = new(4);
        foreach (int member in ring.Living)
            ring[member].Say(LifeState.Done);
        Ring.Until(() => ring.Living.All(member => ring[member].AllAreDone()));

        ring[3].Say(LifeState.Left);
        ring[3].Dispose();
        Thread.Sleep(200);

        Assert.That(ring[0].IsBroken || ring[1].IsBroken || ring[2].IsBroken, Is.False);
    }

    [Test]
    public void Rank_that_ends_the_run_is_heard_by_all()
    {
        using Ring ring = new(5);

        ring[3].EndRun(7);

        Ring.Until(() => ring.Ended.Count == 4);
        Thread.Sleep(100);
        Assert.That(ring.Ended, Is.EqualTo((int[])[7, 7, 7, 7]), "each hears it once");
    }

    [Test]
    public void Stranger_at_the_port_is_sent_away()
    {
        using Ring ring = new(2);
        using Socket stranger = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        stranger.Connect(new IPEndPoint(IPAddress.Loopback, ring[0].Address.Port));
        byte[] said = new byte[2 * LinkMessage.Bytes];
        new LinkMessage(LinkMessageKind.Greeting, 1, First: 3, Second: 4).Write(said);
        new LinkMessage(LinkMessageKind.Death, 1).Write(said.AsSpan(LinkMessage.Bytes));

        stranger.Send(said);
        int answered = 0;
        try
        {
            answered = stranger.Receive(said);
        }
        catch (SocketException)
        {
            // reset: sent away
        }

        Assert.That(answered, Is.Zero);
        Assert.That(ring[0].IsBroken, Is.False);
    }

    /// <summary>Detectors of one run.</summary>
    private sealed class Ring : IDisposable
    {
        private readonly FailureDetector[] detectors;
        private readonly HashSet<int> gone = [];

        /// <param name="others">Members that are no detectors, after the others.</param>
        internal Ring(int members, int silence = 20_000, params DetectorAddress[] others)
        {
            detectors = [.. Enumerable.Range(0, members).Select(_ => new FailureDetector(TimeSpan.FromMilliseconds(silence)) { RunEnds = code => { lock (Ended) Ended.Add(code); }, Expelled = why => { lock (Ended) Expelled.Add(why); } })];
            DetectorAddress[] addresses = [.. detectors.Select(detector => detector.Address), .. others];
            for (int member = 0; member < members; member++)
                detectors[member].Start(member, addresses, [.. Enumerable.Range(0, addresses.Length)], 0, Run);
        }

        internal List<int> Ended { get; } = [];

        internal List<string> Expelled { get; } = [];

        internal FailureDetector this[int member] => detectors[member];

        internal int[] Living => [.. Enumerable.Range(0, detectors.Length).Where(member => !gone.Contains(member))];

        internal static void Until(Func<bool> holds)
        {
            for (var waited = Stopwatch.StartNew(); !holds(); Thread.Sleep(1))
                if (waited.Elapsed > Limit)
                    Assert.Fail("it did not come to that");
        }

        // Its connections end without a word, as a dead process's do.
        internal void Kill(int member)
        {
            gone.Add(member);
            detectors[member].Dispose();
        }

        internal void MeetOnce()
        {
            foreach (int member in Living)
                if (detectors[member].IsBroken)
                    _ = detectors[member].Meet(LifeState.Arrived, out _);
        }

        internal (int Generation, int[] Living) Agree()
        {
            var outcomes = new (int Generation, int[] Living)[detectors.Length];
            Until(() =>
            {
                foreach (int member in Living)
                    outcomes[member] = detectors[member].IsBroken ? (detectors[member].Meet(LifeState.Arrived | LifeState.Ready, out int[] living), living) : (-1, []);
                return Living.All(member => outcomes[member].Generation >= 0);
            });
            (int Generation, int[] Living) first = outcomes[Living[0]];
            Assert.That(Living.Select(member => outcomes[member].Generation), Is.All.EqualTo(first.Generation));
            Assert.That(Living.Select(member => outcomes[member].Living), Is.All.EqualTo(first.Living));
            return first;
        }

        internal void Enter(int generation, int[] world)
        {
            foreach (int member in Living)
                detectors[member].Enter(generation, world, []);
        }

        public void Dispose() => Array.ForEach(detectors, detector => detector.Dispose());
    }
}
