using SoraHpc.Communication;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Runtime.Recording;

/// <summary>Brings the ranks' traces to rank 0, one after the other: it holds no more than it keeps.</summary>
internal static class TraceGather
{
    private const int Tag = 1;

    /// <summary>By rank on rank 0, empty elsewhere. Collective.</summary>
    internal static RankTrace[] Gather(Communicator communicator, RankTrace own)
    {
        if (!communicator.IsRoot)
        {
            byte[] bytes = TraceCodec.Write(own);
            communicator.Receive<byte>(0, Tag);             // its turn: otherwise all would arrive, and lie there, at once
            communicator.Send(bytes.Length, 0, Tag);
            communicator.Send<byte>(bytes.AsSpan(), 0, Tag);
            return [];
        }
        RankTrace[] all = new RankTrace[communicator.Size];
        all[0] = own;
        for (int rank = 1; rank < all.Length; rank++)
        {
            communicator.Send((byte)0, rank, Tag);
            byte[] bytes = new byte[communicator.Receive<int>(rank, Tag)];
            communicator.Receive(bytes.AsSpan(), rank, Tag);
            all[rank] = TraceCodec.ReadRank(bytes);
        }
        return all;
    }
}
