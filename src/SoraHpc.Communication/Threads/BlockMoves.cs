namespace SoraHpc.Communication.Threads;

/// <summary>The collectives that only move blocks: one copy from the sender's buffer into the receiver's. Written from the receiver's
/// side, so that the receivers' shares are independent of each other.</summary>
internal static unsafe class BlockMoves
{
    internal static void Do(Meeting meeting, CollectiveKind kind, int receiver)
    {
        switch (kind)
        {
            case CollectiveKind.Broadcast:
                Broadcast(meeting, receiver);
                break;
            case CollectiveKind.Gather or CollectiveKind.Gatherv:
                if (receiver == meeting.CallOf(receiver).Root)
                    Collect(meeting, receiver);
                break;
            case CollectiveKind.Allgather or CollectiveKind.Allgatherv:
                Collect(meeting, receiver);
                break;
            case CollectiveKind.Scatter or CollectiveKind.Scatterv:
                Scatter(meeting, receiver);
                break;
            case CollectiveKind.Alltoall or CollectiveKind.Alltoallv:
                Alltoall(meeting, receiver);
                break;
            default:
                NeighborMoves.Do(meeting, receiver);
                break;
        }
    }

    internal static bool IsAlltoallInPlace(Meeting meeting)
    {
        for (int r = 0; r < meeting.Group.Size; r++)
            if (IsInPlace(meeting.CallOf(r).Send))
                return true;
        return false;
    }

    internal static bool IsInPlace(in Payload send) => send.Count < 0;

    /// <summary>Copies a block; reports both ranks when they do not agree on its length.</summary>
    internal static void Copy(Meeting meeting, CollectiveCall sender, in Payload from, CollectiveCall receiver, in Payload into)
    {
        if (from.Bytes == into.Bytes)
            Buffer.MemoryCopy(from.Address, into.Address, into.Bytes, from.Bytes);
        else
            meeting.Report(ErrorClass.Count, $"rank {sender.Owner.WorldRank} sends {from.Count} elements of {from.Type.Size} B to rank {receiver.Owner.WorldRank}, which expects {into.Count} of {into.Type.Size} B");
    }

    /// <summary>Elements [offset, offset + count) of a buffer.</summary>
    internal static Payload Block(in Payload data, nint offset, nint count) => new((byte*)data.Address + offset * data.Type.Size, count, data.Type);

    private static void Broadcast(Meeting meeting, int receiver)
    {
        CollectiveCall to = meeting.CallOf(receiver), from = meeting.CallOf(to.Root);
        if (to != from)
            Copy(meeting, from, from.Send, to, to.Receive);
    }

    private static void Collect(Meeting meeting, int receiver)
    {
        CollectiveCall to = meeting.CallOf(receiver);
        int size = meeting.Group.Size;
        bool counted = to.Kind is CollectiveKind.Gatherv or CollectiveKind.Allgatherv;
        for (int s = 0; s < size; s++)
        {
            CollectiveCall from = meeting.CallOf(s);
            bool inPlace = IsInPlace(from.Send);
            if (inPlace && s == receiver)
                continue;
            Payload into = counted ? Block(to.Receive, to.ReceiveDisplacements[s], to.ReceiveCounts[s]) : Block(to.Receive, s * to.Length, to.Length);
            Copy(meeting, from, inPlace ? Block(from.Receive, s * from.Length, from.Length) : from.Send, to, into);
        }
    }

    private static void Scatter(Meeting meeting, int receiver)
    {
        CollectiveCall to = meeting.CallOf(receiver), from = meeting.CallOf(to.Root);
        if (IsInPlace(to.Receive))
            return;
        Payload block = to.Kind == CollectiveKind.Scatterv
            ? Block(from.Send, from.SendDisplacements[receiver], from.SendCounts[receiver])
            : Block(from.Send, receiver * from.Length, from.Length);
        Copy(meeting, from, block, to, to.Receive);
    }

    private static void Alltoall(Meeting meeting, int receiver)
    {
        CollectiveCall to = meeting.CallOf(receiver);
        if (IsAlltoallInPlace(meeting))
        {
            ExchangeInPlace(meeting, receiver);
            return;
        }
        for (int s = 0; s < meeting.Group.Size; s++)
        {
            CollectiveCall from = meeting.CallOf(s);
            if (to.Kind == CollectiveKind.Alltoall)
                Copy(meeting, from, Block(from.Send, receiver * from.Length, from.Length), to, Block(to.Receive, s * to.Length, to.Length));
            else
                Copy(meeting, from, Block(from.Send, from.SendDisplacements[receiver], from.SendCounts[receiver]),
                    to, Block(to.Receive, to.ReceiveDisplacements[s], to.ReceiveCounts[s]));
        }
    }

    // In place the blocks of a pair of ranks change places; the pair is the lower rank's. Each rank chooses for itself whether it
    // calls in place, so that either side's operand may be in its send buffer.
    private static void ExchangeInPlace(Meeting meeting, int lower)
    {
        CollectiveCall a = meeting.CallOf(lower);
        for (int higher = lower; higher < meeting.Group.Size; higher++)
        {
            CollectiveCall b = meeting.CallOf(higher);
            Payload atA = Block(a.Receive, higher * a.Length, a.Length), atB = Block(b.Receive, lower * b.Length, b.Length);
            Payload toB = IsInPlace(a.Send) ? atA : Block(a.Send, higher * a.Length, a.Length);
            Payload toA = IsInPlace(b.Send) ? atB : Block(b.Send, lower * b.Length, b.Length);
            Exchange((byte*)toB.Address, (byte*)atB.Address, (byte*)toA.Address, (byte*)atA.Address, atA.Bytes);
        }
    }

    private static void Exchange(byte* toB, byte* atB, byte* toA, byte* atA, nint bytes)
    {
        const int Piece = 4096;
        byte* held = stackalloc byte[Piece];
        for (nint done = 0; done < bytes; done += Piece)
        {
            nint part = Math.Min(Piece, bytes - done);
            Buffer.MemoryCopy(toB + done, held, part, part);
            Buffer.MemoryCopy(toA + done, atA + done, part, part);
            Buffer.MemoryCopy(held, atB + done, part, part);
        }
    }
}
