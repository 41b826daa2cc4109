using SoraHpc.Communication.Faults;

namespace SoraHpc.Communication.Threads;

/// <summary>A rank's place among those that take turns; its thread keeps it from one world to the next.</summary>
internal sealed class TurnSeat(ThreadRank rank)
{
    internal readonly SemaphoreSlim Turn = new(0);
    internal ThreadRank Rank = rank;
    internal bool Waits;
    /// <summary>What the rank had seen when it began to wait: it need not look again before that has changed.</summary>
    internal int Seen;
    /// <summary>Passed over until then.</summary>
    internal long Until;

    /// <summary>Goes on as a rank of the next world.</summary>
    internal void Follow(ThreadRank next) => (Rank, next.Seat) = (next, this);

    internal bool CanGoOn => !Waits || Rank.Version != Seen;
}

/// <summary>
/// Lets one rank run at a time. At every call, wait and unsuccessful test the turn is given away, and who has it next is drawn from a seed: a
/// run is then the same every time, to the order of every call. Only the rank that has the turn calls anything here.
/// </summary>
internal sealed class Turns(ulong seed)
{
    /// <summary>Tests in a row that found nothing, on all ranks together, after which nobody goes on any more.</summary>
    private const int MostIdleTests = 1_000_000;

    private readonly List<TurnSeat> seats = [];
    private SplitMix64 random = new(seed);
    private int idleTests;

    /// <summary>Turns taken.</summary>
    internal long Now { get; private set; }

    /// <summary>Before the rank's thread is started.</summary>
    internal void Add(ThreadRank rank) => seats.Add(rank.Seat = new TurnSeat(rank));

    /// <summary>The first turn, given by the thread that has started the ranks'.</summary>
    internal void Begin() => Choose()?.Turn.Release();

    /// <summary>The first thing the rank's thread does: waits for its turn.</summary>
    internal static void Take(ThreadRank rank) => rank.Seat!.Turn.Wait();

    /// <summary>Gives the turn away, and has it again when this returns.</summary>
    internal void Give(ThreadRank rank)
    {
        idleTests = 0;
        Pass(rank.Seat!, Choose()!);
    }

    /// <summary>As <see cref="Give"/>, after a test that found nothing; false when that happens for ever.</summary>
    internal bool GiveIdle(ThreadRank rank)
    {
        Pass(rank.Seat!, Choose()!);
        return ++idleTests < MostIdleTests;
    }

    /// <summary>Gives the turn away until somebody has woken the rank; false when nobody is left who could.</summary>
    internal bool Await(ThreadRank rank, int seen)
    {
        TurnSeat own = rank.Seat!;
        (own.Waits, own.Seen) = (true, seen);
        TurnSeat? next = Choose();
        if (next is not null)
            Pass(own, next);
        own.Waits = false;
        return next is not null;
    }

    /// <summary>Lets the others have so many turns.</summary>
    internal void Delay(ThreadRank rank, int turns)
    {
        rank.Seat!.Until = Now + turns;
        Give(rank);
    }

    /// <summary>The last thing the rank's thread does.</summary>
    internal void Leave(ThreadRank rank)
    {
        seats.Remove(rank.Seat!);
        Choose()?.Turn.Release();
    }

    private static void Pass(TurnSeat own, TurnSeat next)
    {
        if (next == own)
            return;
        next.Turn.Release();
        own.Turn.Wait();
    }

    // Whoever is delayed goes on all the same when nobody else can.
    private TurnSeat? Choose()
    {
        Now++;
        int ready = 0;
        TurnSeat? earliest = null;
        foreach (TurnSeat seat in seats)
            if (seat.CanGoOn)
            {
                ready += seat.Until <= Now ? 1 : 0;
                earliest = earliest is null || seat.Until < earliest.Until ? seat : earliest;
            }
        if (ready == 0)
            return earliest;
        long chosen = random.Below(ready);
        foreach (TurnSeat seat in seats)
            if (seat.CanGoOn && seat.Until <= Now && chosen-- == 0)
                return seat;
        return earliest;
    }
}
