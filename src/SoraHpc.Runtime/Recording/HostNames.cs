using System.Text;
using SoraHpc.Communication;

namespace SoraHpc.Runtime.Recording;

/// <summary>The machines of all ranks.</summary>
internal static class HostNames
{
    // As much of a name as is told, and as MPI allows on most systems.
    private const int Longest = 64;

    /// <summary>By rank, on every rank. Collective.</summary>
    internal static string[] Gather(Communicator communicator)
    {
        byte[] own = new byte[Longest], all = new byte[Longest * communicator.Size];
        string name = communicator.Transport == Transport.Threads ? Environment.MachineName : communicator.ProcessorName;
        Encoding.UTF8.GetEncoder().Convert(name, own, flush: true, out _, out _, out _);
        communicator.Allgather<byte>(own, all);
        return [.. all.Chunk(Longest).Select(bytes => Encoding.UTF8.GetString(bytes).TrimEnd('\0'))];
    }
}
