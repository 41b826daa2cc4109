using SoraHpc.Communication.Threads;

namespace SoraHpc.Communication.Faults;

/// <summary>Makes the faults of one world of threads happen: counts the calls of every rank, and strikes when their moment has come.</summary>
internal sealed class FaultInjection
{
    private readonly FaultSchedule schedule;
    private readonly WorldState world;
    private readonly int generation;
    private readonly Queue<Fault>[] ahead;
    private readonly Fault[][] onRecovery;
    private readonly long[] calls;

    internal FaultInjection(FaultSchedule schedule, WorldState world, int generation)
    {
        (this.schedule, this.world, this.generation) = (schedule, world, generation);
        int ranks = world.Ranks.Length;
        Fault[] here = [.. schedule.Faults.Where(fault => fault.Generation == generation)];
        ahead = [.. Enumerable.Range(0, ranks).Select(rank => new Queue<Fault>(
            here.Where(fault => fault.Rank == rank && fault.Call != Fault.OnRecovery).OrderBy(fault => fault.Call)))];
        onRecovery = [.. Enumerable.Range(0, ranks).Select(rank => here.Where(fault => fault.Rank == rank && fault.Call == Fault.OnRecovery).ToArray())];
        calls = new long[ranks];
    }

    /// <summary>At the beginning of a call, on its rank: others may go first, and what is due happens.</summary>
    internal void OnCall(ThreadRank rank, string call)
    {
        world.Turns?.Give(rank);
        world.ThrowIfEnded(rank, call);
        long now = ++calls[rank.WorldRank];
        while (ahead[rank.WorldRank].TryPeek(out Fault? fault) && fault.Call <= now)
        {
            ahead[rank.WorldRank].Dequeue();
            Strike(rank, fault, call);
        }
    }

    /// <summary>On the way from this world to the next.</summary>
    internal void OnRecovery(ThreadRank rank)
    {
        foreach (Fault fault in onRecovery[rank.WorldRank])
            Strike(rank, fault, "Recover");
    }

    internal void Tell(ThreadRank rank, string what)
    {
        if (schedule.OnEvent is { } tell)
            lock (schedule)
                tell(new(world.Turns?.Now ?? 0, generation, rank.WorldRank, calls[rank.WorldRank], what));
    }

    private void Strike(ThreadRank rank, Fault fault, string call)
    {
        switch (fault.Kind)
        {
            case FaultKind.Death:
                Kill(rank, fault.Amount, call);
                break;
            case FaultKind.Delay:
                Tell(rank, $"{call} is delayed by {fault.Amount}");
                Delay(rank, fault.Amount);
                break;
            case FaultKind.Loss:
                FlawOf(rank).Losses += fault.Amount;
                break;
            case FaultKind.Corruption:
                FlawOf(rank).Corruptions += fault.Amount;
                break;
        }
    }

    private MessageFlaw FlawOf(ThreadRank rank) =>
        rank.NextFlaw ??= new(schedule.Seed ^ (ulong)generation << 56 ^ (ulong)rank.WorldRank << 40 ^ (ulong)calls[rank.WorldRank]);

    // The others first: this rank does not come back from its own death.
    private void Kill(ThreadRank rank, int ranks, string call)
    {
        Tell(rank, ranks == 1 ? $"dies in {call}" : $"dies in {call}, and {ranks - 1} with it");
        for (int i = 1; i < Math.Min(ranks, world.Ranks.Length); i++)
            world.Doom(world.Ranks[(rank.WorldRank + i) % world.Ranks.Length]);
        world.Die(rank, call);
    }

    private void Delay(ThreadRank rank, int amount)
    {
        if (world.Turns is { } turns)
            turns.Delay(rank, amount);
        else
            Thread.Sleep(amount);
    }
}
