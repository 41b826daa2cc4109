namespace SoraHpc.Communication.Threads;

/// <summary>What all ranks of one communicator share. A communicator has mailboxes and a board of its own, so that its messages
/// cannot meet those of another.</summary>
internal sealed class ThreadGroup
{
    internal ThreadGroup(WorldState world, ThreadRank[] members)
    {
        (World, Members) = (world, members);
        Mailboxes = Array.ConvertAll(members, member => new Mailbox(member));
        Board = new CollectiveBoard(this);
    }

    internal WorldState World { get; }

    /// <summary>The ranks, in the communicator's order.</summary>
    internal ThreadRank[] Members { get; }

    /// <summary>One per rank: where messages to it arrive.</summary>
    internal Mailbox[] Mailboxes { get; }

    internal CollectiveBoard Board { get; }

    internal int Size => Members.Length;

    internal int WorldRankOf(int rank) => Members[rank].WorldRank;
}

/// <summary>A rank's place in a group that was made by a collective call.</summary>
internal sealed record Seat(ThreadGroup Group, int Rank);
