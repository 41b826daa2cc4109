using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SoraHpc.Communication.Survival.Detection;

/// <summary>
/// Knows within milliseconds when a rank's process ends, and after a silence when its host or link is gone: a thread that holds connections to
/// the ranks at distances 1, 2, 4, … on the ring. The kernel closes a dead process's connections at once; heartbeats tell the rest. What
/// one rank learns it passes on, so all know it after log₂(ranks) steps. Independent of what carries the run's own messages, on which
/// a dead partner is not noticed at all.
/// </summary>
/// <remarks>Public state is read and changed by the rank's own thread; every change to what is known happens under <c>gate</c>.</remarks>
internal sealed partial class FailureDetector : IDisposable
{
    private const int HeartbeatsPerSilence = 20, ConnectMilliseconds = 3000;
    // A connection closed with something unread in it is reset, and what was on its way to the other side may be lost: the others must
    // close first. When all leave they do so at once; when this one ends the run, nobody should wait for them long.
    private const int FarewellMilliseconds = 1000, ShortFarewellMilliseconds = 200;

    private readonly Lock gate = new();
    private readonly List<DetectorAddress> addresses = [];
    private readonly List<DetectorLink> links = [], closed = [];
    private readonly HashSet<int> silent = [];
    private readonly List<LinkMessage> messages = [];
    private readonly Socket listener, wake;
    private readonly Thread thread;
    private readonly string host = Environment.MachineName;
    private readonly int silence;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private Membership members = new(0, 1);
    private (ulong First, ulong Second) run;
    private long firstDeathAt = -1;
    private bool runEnds;
    private int farewell = FarewellMilliseconds;
    private volatile bool isBroken, stopped;

    /// <summary>Listens; knows nobody yet.</summary>
    /// <param name="silence">After which a member is taken for dead.</param>
    internal FailureDetector(TimeSpan silence)
    {
        this.silence = (int)Math.Min(silence.TotalMilliseconds, int.MaxValue / 4);
        listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(512);
        // A socket that talks to itself wakes the thread out of its wait for the others.
        wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        wake.Connect(wake.LocalEndPoint!);
        wake.Blocking = false;
        thread = new Thread(Watch) { IsBackground = true, Name = "failure detector", Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>Where the others reach this one.</summary>
    internal DetectorAddress Address => DetectorAddress.Here(((IPEndPoint)listener.LocalEndPoint!).Port);

    /// <summary>A death is known that the present world does not account for: one read, asked at every turn of every wait.</summary>
    internal bool IsBroken => isBroken;

    /// <summary>A rank ends the run, with this exit code. On the detector's thread.</summary>
    internal Action<int> RunEnds { get; init; } = _ => { };

    /// <summary>This rank must not go on, and why: the others have taken it for dead, or it is cut off from most of them, who go on without it. On
    /// the detector's thread.</summary>
    internal Action<string> Expelled { get; init; } = _ => { };

    /// <summary>Somebody has died. On the detector's thread.</summary>
    internal Action Died { get; set; } = () => { };

    /// <summary>How long ago the first death became known that the present world does not account for; zero without one.</summary>
    internal TimeSpan SinceFirstDeath
    {
        get { lock (gate) return firstDeathAt < 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(clock.ElapsedMilliseconds - firstDeathAt); }
    }

    /// <summary>From the last sign of life of the first of them until its death was known.</summary>
    internal TimeSpan Detection { get; private set; }

    /// <summary>Begins to watch. All members must listen by now.</summary>
    /// <param name="self">This one among them.</param>
    /// <param name="everyone">Addresses of all members that ever were.</param>
    /// <param name="world">The members of the world that starts, by rank; all others are dead.</param>
    /// <param name="generation">Its number.</param>
    /// <param name="number">The run's: the same on all, known to nobody else.</param>
    internal void Start(int self, IReadOnlyList<DetectorAddress> everyone, int[] world, int generation, (ulong, ulong) number)
    {
        lock (gate)
        {
            members = new Membership(self, everyone.Count);
            addresses.AddRange(everyone);
            for (int member = 0; member < everyone.Count; member++)
                if (!world.Contains(member))
                    members.Bury(member);
            run = number;
            members.Enter(generation, world);
        }
        thread.Start();
        Reach();
    }

    /// <summary>Says how far this rank is.</summary>
    internal void Say(LifeState state)
    {
        lock (gate)
            Announce(state | members.Own.State & LifeState.Done, members.Own.Generation);
        Wake();
    }

    /// <summary>Says that this rank is so far, knowing the deaths it knows; says so again when it knows more. The number of the world that the living
    /// are about to form, and they; −1 while not all are so far.</summary>
    internal int Meet(LifeState state, out int[] living)
    {
        bool said = false;
        int next;
        lock (gate)
        {
            if ((members.Own.State & state) != state || members.Own.Dead != members.Dead)
            {
                Announce(members.Own.State | state, members.Own.Generation);
                said = true;
            }
            next = members.NextGeneration(state);
            living = next < 0 ? [] : members.Living();
        }
        if (said)
        {
            Reach();
            Wake();
        }
        return next;
    }

    /// <summary>The new world of this number stands.</summary>
    /// <param name="world">Its members, by rank.</param>
    /// <param name="joined">Addresses of those that were not in the run before; their numbers follow the last one's.</param>
    internal void Enter(int generation, int[] world, IReadOnlyList<DetectorAddress> joined)
    {
        lock (gate)
        {
            members.Add(joined.Count);
            addresses.AddRange(joined);
            Pass(LinkMessage.Of(members.Enter(generation, world)), null);
            isBroken = members.IsWorldBroken;
        }
        Reach();
        Wake();
    }

    /// <summary>The world is in use: the recovery is over.</summary>
    internal void Recovered()
    {
        lock (gate)
            if (!isBroken)
                firstDeathAt = -1;
    }

    internal bool AllAreDone() { lock (gate) return members.AllAreDone(); }

    internal int Generation { get { lock (gate) return members.Own.Generation; } }

    internal int Self { get { lock (gate) return members.Self; } }

    /// <summary>Ranks of the present world that have died, ascending.</summary>
    internal int[] DeadRanks() { lock (gate) return [.. Enumerable.Range(0, members.World.Count).Where(rank => members.IsDead(members.World[rank]))]; }

    /// <summary>Deaths of the whole run.</summary>
    internal int DeadCount { get { lock (gate) return members.DeadCount; } }

    /// <summary>The members of the present world, by rank.</summary>
    internal IReadOnlyList<int> World { get { lock (gate) return members.World; } }

    /// <summary>Ranks of the present world that have not left what they do, ascending.</summary>
    internal int[] MissingRanks()
    {
        lock (gate)
        {
            int[] missing = members.Missing(LifeState.Ready);
            return [.. Enumerable.Range(0, members.World.Count).Where(rank => missing.Contains(members.World[rank]))];
        }
    }

    internal IReadOnlyList<DetectorAddress> Addresses() { lock (gate) return [.. addresses]; }

    /// <summary>Tells everybody that this rank ends the run.</summary>
    internal void EndRun(int exitCode)
    {
        lock (gate)
        {
            Pass(new(LinkMessageKind.RunEnds, members.Self, exitCode), null);
            (runEnds, farewell) = (true, ShortFarewellMilliseconds);
        }
        Dispose();
    }

    /// <summary>Takes leave of the others, having said that this rank is done or left, and ends.</summary>
    public void Dispose()
    {
        if (stopped)
            return;
        stopped = true;
        Wake();
        if (thread.IsAlive && Thread.CurrentThread != thread)
            thread.Join(2 * farewell);
        listener.Dispose();
        lock (gate)
        {
            links.ForEach(link => link.Dispose());
            closed.ForEach(link => link.Dispose());
        }
    }

    private void Announce(LifeState state, int generation) => Pass(LinkMessage.Of(members.Say(state, generation)), null);

    private void Pass(in LinkMessage message, DetectorLink? from)
    {
        foreach (DetectorLink link in links)
            if (link != from && link.Member >= 0)       // this side has greeted; what follows waits there
                link.Post(message);
    }

    private void Wake() => _ = wake.Send([0], SocketFlags.None, out _);
}
