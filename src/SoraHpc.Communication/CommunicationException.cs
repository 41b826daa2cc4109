using SoraHpc.Diagnostics;

namespace SoraHpc.Communication;

/// <summary>The standard's error classes, independent of the number a library gives them.</summary>
public enum ErrorClass
{
    Other, Buffer, Count, Type, Tag, Communicator, Rank, Request, Root, Group, Operation, Topology, Dimensions, Argument,
    Truncate, Internal, Pending, NoMemory, Window, Spawn, Io, Unsupported, ProcessFailed, Revoked,
    /// <summary>Another rank failed; this rank was woken to end with it.</summary>
    Aborted,
    /// <summary>Every rank waits for another.</summary>
    Deadlock,
    /// <summary>The call came before the world was opened or after it was closed.</summary>
    Closed,
}

/// <summary>A call of the communication layer failed.</summary>
/// <param name="message">The library's own text, or ours.</param>
/// <param name="call">The operation, in the standard's words: "Allreduce", "Receive".</param>
/// <param name="rank">The world rank it failed on; −1 when not known.</param>
/// <param name="errorClass">The standard's class.</param>
public class CommunicationException(string message, string call, int rank, ErrorClass errorClass, Exception? cause = null)
    : SoraException(rank >= 0 ? $"{call} on rank {rank}: {message}" : $"{call}: {message}", cause)
{
    /// <summary>The operation that failed.</summary>
    public string Call { get; } = call;

    /// <summary>The rank it failed on; −1 when not known.</summary>
    public int Rank { get; } = rank;

    /// <summary>The standard's class of the error.</summary>
    public ErrorClass ErrorClass { get; } = errorClass;
}
