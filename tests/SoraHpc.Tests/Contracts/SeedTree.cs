using SoraHpc.Communication;
using SoraHpc.Runtime.Events;

namespace SoraHpc.Tests.Contracts;

/// <summary>An event that stands for a tree of events: what it spawns follows from its seed alone, so the number of them is known beforehand.</summary>
internal record struct Seed(uint Value, int Depth)
{
    internal readonly int Children => Depth == 0 ? 0 : (int)(Mixed(1) % 4);

    internal readonly Seed Child(int index) => new(Mixed((uint)index + 2), Depth - 1);

    internal readonly int Destination(int ranks) => (int)(Mixed(0) % (uint)ranks);

    /// <summary>True when its children are work for later, not made in the handler.</summary>
    internal readonly bool IsDeferred => Mixed(77) % 3 == 0;

    /// <summary>This event and all that come of it.</summary>
    internal readonly int Count()
    {
        int count = 1;
        for (int child = 0; child < Children; child++)
            count += Child(child).Count();
        return count;
    }

    private readonly uint Mixed(uint salt)
    {
        uint x = (Value ^ salt * 0x9E3779B9) + 0x7F4A7C15;
        x = (x ^ (x >> 16)) * 0x85EBCA6B;
        x = (x ^ (x >> 13)) * 0xC2B2AE35;
        return x ^ (x >> 16);
    }
}

/// <summary>Spawns the trees, with delays where the detector could be fooled: in handlers, before sends, before work.</summary>
internal sealed class SeedTreeRank(int seed)
{
    private readonly Random random = new(seed);

    internal Queue<Seed> Later { get; } = new();

    internal int Handled { get; set; }

    internal void Spawn(in Seed parent, EventSender<Seed> sender)
    {
        for (int child = 0; child < parent.Children; child++)
        {
            Delay();
            Seed spawned = parent.Child(child);
            sender.Send(spawned.Destination(sender.Size), spawned);
            if (random.Next(8) == 0)
                sender.Flush();
        }
    }

    internal void Delay()
    {
        int choice = random.Next(64);
        if (choice == 0)
            Thread.Sleep(1);
        else if (choice < 8)
            Thread.Yield();
        else if (choice < 16)
            Thread.SpinWait(random.Next(2000));
    }

    /// <summary>Several runs of one loop; says what is wrong with them, the same on every rank, or null.</summary>
    internal static string? Run(Communicator comm, int seed, int runs, Func<WaveCount, WaveCount, bool> rule)
    {
        Random random = new(seed);              // the same on every rank
        EventLoopOptions options = new() { BatchBytes = 8 * random.Next(1, 5), ReceivesAhead = random.Next(1, 4) };
        SeedTreeRank own = new(seed * 31 + comm.Rank);
        using EventLoop<Seed, SeedTreeHandler> loop = new(comm, new SeedTreeHandler(own), options, rule);
        int expected = 0;
        for (int run = 0; run < runs; run++)
        {
            for (int root = random.Next(3); root >= 0; root--)
            {
                Seed tree = new((uint)random.Next(), Depth: random.Next(2, 7));
                expected += tree.Count();
                if (random.Next(comm.Size) == comm.Rank)
                    loop.Sender.Send(tree.Destination(comm.Size), tree);
            }
            loop.RunUntilQuiet();
            int pending = own.Later.Count, handled = comm.Allreduce(own.Handled, ReduceOperation.Sum);
            pending = comm.Allreduce(pending, ReduceOperation.Sum);
            if (handled != expected || pending != 0)
                return $"run {run} ended early with {handled} of {expected} events handled and {pending} waiting";
        }
        return null;
    }
}

internal readonly struct SeedTreeHandler(SeedTreeRank rank) : IEventHandler<Seed>
{
    public void Handle(in Seed received, int source, EventSender<Seed> sender)
    {
        rank.Delay();
        rank.Handled++;
        if (received.IsDeferred)
            rank.Later.Enqueue(received);
        else
            rank.Spawn(received, sender);
    }

    public bool Work(EventSender<Seed> sender)
    {
        if (!rank.Later.TryDequeue(out Seed waiting))
            return false;
        rank.Delay();
        rank.Spawn(waiting, sender);
        return true;
    }
}
