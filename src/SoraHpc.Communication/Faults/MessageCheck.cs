using SoraHpc.Communication.Threads;

namespace SoraHpc.Communication.Faults;

/// <summary>
/// How a message travels where it may be checked, or lost or damaged by a schedule: there is none of this in a world without either. The
/// sender's checksum goes with the message; what arrives is read again and compared, and what is lost or wrong is sent again, up to
/// <see cref="MostRepetitions"/> times. Then the message is broken, and the receive that gets it fails.
/// </summary>
/// <param name="checks">Off, a lost message is lost and a damaged one is delivered.</param>
/// <param name="faults">Where to tell what happened; null without a schedule.</param>
internal sealed unsafe class MessageCheck(bool checks, FaultInjection? faults)
{
    /// <summary>A link that loses or damages a message four times in a row is not worth a fifth.</summary>
    internal const int MostRepetitions = 3;

    /// <summary>Prepares a message at its sender; false when it is lost without anybody noticing.</summary>
    internal bool Accept(Transfer send)
    {
        (send.Flaw, send.Owner.NextFlaw) = (send.Owner.NextFlaw, null);
        send.IsBroken = false;
        if (checks)
            send.Checksum = Crc32C.Of(send.Address, send.Bytes);
        if (send.Flaw is { } flaw && send.Bytes == 0)
            (flaw.Losses, flaw.Corruptions) = (flaw.Losses + flaw.Corruptions, 0);
        if (checks || send.Flaw is not { Losses: > 0 })
            return true;
        faults?.Tell(send.Owner, $"message to rank {send.Destination} with tag {send.Tag} is lost");
        return false;
    }

    /// <summary>Brings the bytes of a message into other memory; false when it is broken.</summary>
    internal bool Carry(Transfer message, byte* into)
    {
        if (message.IsBroken)
            return false;
        for (int attempt = 0; attempt <= MostRepetitions; attempt++)
            if (Arrives(message, into))
                return true;
        faults?.Tell(message.Owner, $"message with tag {message.Tag} is given up");
        return false;
    }

    /// <summary>For the receive that gets a broken message.</summary>
    internal static string Describe(int sender, int tag, nint bytes) =>
        $"the message of {bytes} B from rank {sender} with tag {tag} did not arrive whole in {MostRepetitions + 1} attempts: the memory or the link between the two ranks "
        + "is at fault, or the sender wrote into the buffer before the send was complete";

    private bool Arrives(Transfer message, byte* into)
    {
        if (message.Flaw is { Losses: > 0 } lossy)
        {
            lossy.Losses--;
            faults?.Tell(message.Owner, $"message with tag {message.Tag} is lost and missed");
            return false;
        }
        Buffer.MemoryCopy(message.Address, into, message.Bytes, message.Bytes);
        if (message.Flaw is { Corruptions: > 0 } wrong)
        {
            wrong.Corruptions--;
            long bit = wrong.NextBit(message.Bytes * 8);
            into[bit >> 3] ^= (byte)(1 << (int)(bit & 7));
            faults?.Tell(message.Owner, $"message with tag {message.Tag} arrives with bit {bit} wrong");
        }
        return !checks || Crc32C.Of(into, message.Bytes) == message.Checksum;
    }
}
