namespace SoraHpc.Communication.Threads;

/// <summary>What has to be done once the calls of all ranks are there: moving blocks, combining operands, making groups.</summary>
internal static class CollectiveWork
{
    /// <summary>Whether the work is large enough, and of a kind, to be cut into as many parts as there are ranks.</summary>
    internal static bool CanBeShared(Meeting meeting, long fromBytes)
    {
        CollectiveCall any = meeting.CallOf(0);
        return any.Kind switch
        {
            CollectiveKind.Broadcast or CollectiveKind.Reduce or CollectiveKind.Allreduce or CollectiveKind.Scan or CollectiveKind.Exscan
                or CollectiveKind.ReduceScatter or CollectiveKind.ReduceScatterv or CollectiveKind.Allgather =>
                (long)any.Length * any.Send.Type.Size * meeting.Group.Size >= fromBytes,
            CollectiveKind.Alltoall => !BlockMoves.IsAlltoallInPlace(meeting) && (long)any.Receive.Bytes * meeting.Group.Size >= fromBytes,
            _ => false,
        };
    }

    /// <summary>Does one of <paramref name="parts"/> parts, on the thread of <paramref name="worker"/>'s rank.</summary>
    internal static void Do(Meeting meeting, CollectiveCall worker, int part, int parts)
    {
        switch (worker.Kind)
        {
            case CollectiveKind.Reduce or CollectiveKind.Allreduce or CollectiveKind.Scan or CollectiveKind.Exscan
                or CollectiveKind.ReduceScatter or CollectiveKind.ReduceScatterv:
                ReductionWork.Do(meeting, worker, part, parts);
                break;
            case CollectiveKind.Split or CollectiveKind.Duplicate or CollectiveKind.CreateCartesian or CollectiveKind.CreateGraph
                or CollectiveKind.AllocateWindow:
                Creation.Do(meeting, worker.Kind);
                break;
            default:
                for (int receiver = part; receiver < meeting.Group.Size; receiver += parts)
                    BlockMoves.Do(meeting, worker.Kind, receiver);
                break;
        }
    }
}
