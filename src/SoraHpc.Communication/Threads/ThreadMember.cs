namespace SoraHpc.Communication.Threads;

/// <summary>A thread that is one rank after another: of the first world, of the one formed after a death, and so on.</summary>
internal sealed class ThreadMember(ThreadRun run, RankMemory memory) : MortalRank
{
    private ThreadRank? next;
    private bool isAtEnd;

    /// <summary>What it is in the present world.</summary>
    internal ThreadRank Rank { get; private set; } = null!;

    internal RankMemory Memory => memory;

    // Changed and read under the run's lock.
    internal bool HasReturned { get; private set; }
    internal bool IsWaiting { get; private set; }
    internal bool IsGone { get; set; }

    /// <summary>Makes it a rank before its thread is started.</summary>
    internal void Join(ThreadRank rank) => Rank = rank;

    /// <summary>Tells it, while it waits, what it is in the next world.</summary>
    internal void Invite(ThreadRank rank)
    {
        HasReturned = IsWaiting = false;
        Volatile.Write(ref next, rank);
        Rank.Wake();
    }

    protected override Communicator Open() => new ThreadCommunicator(Rank.World.Group, Rank.WorldRank, topology: null, owned: false);

    protected override bool Finish()
    {
        if (Rank.Requests.ActiveCount is > 0 and int active)
            throw new CommunicationException($"{active} transfers were started and never completed: wait for them", "World.Run", Rank.WorldRank, ErrorClass.Pending);
        Rank.World.Tell(Rank, "returns");
        Rank.Leave();
        if (!run.Survives)
            return true;
        Rank.IsRecovering = isAtEnd = true;
        run.Arrive(() => HasReturned = IsWaiting = true);
        var ended = new EndedOrInvited(run, this);
        Rank.Wait(ref ended, "World.Run");
        return Volatile.Read(ref next) is null;
    }

    protected override Communicator Recover()
    {
        if (!isAtEnd)
        {
            Rank.World.EnterRecovery(Rank);
            Rank.Requests.Abandon();
            run.Arrive(() => IsWaiting = true);
            var invited = new EndedOrInvited(run, this);
            Rank.Wait(ref invited, nameof(Recover));
        }
        if (Rank.Seat is { } seat)
            seat.Follow(next!);
        Rank.World.Tell(Rank, $"goes on as rank {next!.WorldRank} of {next.World.Ranks.Length}");
        (Rank, next, isAtEnd) = (next, null, false);
        return Open();
    }

    private readonly struct EndedOrInvited(ThreadRun run, ThreadMember member) : ICondition
    {
        public bool Holds() => Volatile.Read(ref member.next) is not null || run.IsComplete;

        public string? WhyStuck() => null;
    }
}
