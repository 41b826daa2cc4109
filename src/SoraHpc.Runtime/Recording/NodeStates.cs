using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SoraHpc.Communication;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Runtime.Recording;

/// <summary>The states of a node's ranks in memory that they share: each writes its own, any thread of the first reads all.</summary>
internal sealed unsafe class NodeStates : IDisposable
{
    private readonly Communicator node;
    private readonly Window<RankState> window;
    private readonly RankState*[] states;

    /// <param name="ranksPerNode">So many at most form a node; 0 for all that share memory.</param>
    /// <remarks>Collective.</remarks>
    internal NodeStates(Communicator communicator, int ranksPerNode)
    {
        node = communicator.SplitShared(communicator.Rank);
        if (ranksPerNode > 0)
        {
            using Communicator whole = node;
            node = whole.Split(whole.Rank / ranksPerNode, whole.Rank)!;
        }
        window = node.AllocateSharedWindow<RankState>(1);
        states = new RankState*[node.Size];
        for (int rank = 0; rank < states.Length; rank++)
            states[rank] = (RankState*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(window.SharedOf(rank)));
        Members = node.Allgather(communicator.Rank);
    }

    /// <summary>The node's ranks, by their numbers in the communicator it was made from.</summary>
    internal int[] Members { get; }

    /// <summary>This rank reads for the node.</summary>
    internal bool IsFirst => node.IsRoot;

    /// <summary>This rank's own, valid until disposed. The window's memory does not move: the library's own, or on the pinned heap.</summary>
    internal RankState* Own => states[node.Rank];

    /// <summary>A member's state now. From any thread.</summary>
    internal RankSighting this[int member] => states[member]->Read();

    /// <summary>Collective over the node.</summary>
    public void Dispose()
    {
        window.Dispose();
        node.Dispose();
    }
}
