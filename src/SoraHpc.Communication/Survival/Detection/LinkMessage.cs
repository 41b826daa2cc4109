using System.Buffers.Binary;

namespace SoraHpc.Communication.Survival.Detection;

/// <summary>What goes over a link: one message of fixed length.</summary>
internal enum LinkMessageKind : byte
{
    /// <summary>Nothing but a sign of life of the one at the other end.</summary>
    Heartbeat,
    /// <summary>The first on every link: who this is, and the run's number that nobody else knows.</summary>
    Greeting,
    /// <summary>A <see cref="LifeSign"/>, passed on to everybody.</summary>
    Sign,
    /// <summary>A death, passed on to everybody.</summary>
    Death,
    /// <summary>A rank failed by an exception and ends the run; passed on to everybody.</summary>
    RunEnds,
}

/// <summary>One message of a link. Which fields mean something, the kind says.</summary>
/// <param name="Number">A sign's number; of a death, how long before it was known there was a last sign of life [ms]; of the run's end, its exit code.</param>
/// <param name="First">A sign's fingerprint of deaths; a greeting's first half of the run's number.</param>
/// <param name="Second">A greeting's second half.</param>
internal readonly record struct LinkMessage(LinkMessageKind Kind, int Member = 0, int Number = 0, LifeState State = 0, int Generation = 0, ulong First = 0, ulong Second = 0)
{
    /// <summary>Bytes on the wire.</summary>
    internal const int Bytes = 32;

    internal static LinkMessage Of(in LifeSign sign) => new(LinkMessageKind.Sign, sign.Member, sign.Number, sign.State, sign.Generation, sign.Dead);

    internal LifeSign Sign => new(Member, Number, State, Generation, First);

    internal void Write(Span<byte> to)
    {
        (to[0], to[1], to[2], to[3]) = ((byte)Kind, (byte)State, 0, 0);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], Member);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], Number);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], Generation);
        BinaryPrimitives.WriteUInt64LittleEndian(to[16..], First);
        BinaryPrimitives.WriteUInt64LittleEndian(to[24..], Second);
    }

    internal static LinkMessage Read(ReadOnlySpan<byte> from) => new((LinkMessageKind)from[0], BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[8..]), (LifeState)from[1], BinaryPrimitives.ReadInt32LittleEndian(from[12..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[16..]), BinaryPrimitives.ReadUInt64LittleEndian(from[24..]));
}
