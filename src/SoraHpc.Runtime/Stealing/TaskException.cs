using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Stealing;

/// <summary>A task has thrown. Every rank of the pool gets it; the cause itself is there only on the rank it happened on.</summary>
/// <param name="rank">The rank, in the pool's communicator, that executed it.</param>
public sealed class TaskException(string message, int rank, Exception? cause) : SoraException(message, cause)
{
    /// <summary>The rank that executed the task, in the pool's communicator.</summary>
    public int Rank { get; } = rank;
}
