using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Threads;

internal sealed partial class ThreadCommunicator
{
    /// <inheritdoc/>
    public override Communicator? Split(int color, int key = 0) =>
        Make<Seat>(Called(CollectiveKind.Split, -1), new Creation.Choice(color, key)) is { } seat ? new ThreadCommunicator(seat.Group, seat.Rank, null) : null;

    /// <inheritdoc/>
    public override Communicator SplitShared(int key = 0) => Split(0, key)!;

    /// <inheritdoc/>
    public override Communicator Self()
    {
        Enter(nameof(Self));
        return new ThreadCommunicator(new ThreadGroup(World, [self]), 0, null);
    }

    /// <inheritdoc/>
    public override Communicator Duplicate()
    {
        Seat seat = Make<Seat>(Called(CollectiveKind.Duplicate, -1), null)!;
        return new ThreadCommunicator(seat.Group, seat.Rank, Topology);
    }

    /// <inheritdoc/>
    public override Communicator? CreateCartesian(ReadOnlySpan<int> dimensions, ReadOnlySpan<bool> periodic, bool reorder = false)
    {
        CheckDimensions(dimensions, periodic);
        CollectiveCall call = Called(CollectiveKind.CreateCartesian, -1);
        int[] grid = [.. dimensions, .. periodic.ToArray().Select(wraps => wraps ? 1 : 0)];
        call.ReceiveCounts.Set(grid);       // compared over the ranks
        int ranks = 1;
        foreach (int dimension in dimensions)
            ranks *= dimension;
        return Make<Seat>(call, new Creation.Choice(Rank < ranks ? 0 : -1, Rank)) is { } seat
            ? new ThreadCommunicator(seat.Group, seat.Rank, new CartesianTopology(dimensions, periodic, seat.Rank)) : null;
    }

    /// <inheritdoc/>
    public override Communicator CreateSubgrid(ReadOnlySpan<bool> keep)
    {
        CartesianTopology grid = Cartesian ?? throw new CommunicationException(
            "the communicator is no grid: make one with CreateCartesian", nameof(CreateSubgrid), WorldRank, ErrorClass.Topology);
        if (keep.Length != grid.Dimensions.Length)
            throw new CommunicationException($"{keep.Length} marks are given for {grid.Dimensions.Length} dimensions", nameof(CreateSubgrid), WorldRank, ErrorClass.Dimensions);
        List<int> dimensions = [];
        List<bool> periodic = [];
        int color = 0;
        for (int d = 0; d < keep.Length; d++)
            if (keep[d])
            {
                dimensions.Add(grid.Dimensions[d]);
                periodic.Add(grid.Periodic[d]);
            }
            else
                color = color * grid.Dimensions[d] + grid.Coordinates[d];
        Seat seat = Make<Seat>(Called(CollectiveKind.Split, -1), new Creation.Choice(color, Rank))!;
        return new ThreadCommunicator(seat.Group, seat.Rank, new CartesianTopology([.. dimensions], [.. periodic], seat.Rank));
    }

    /// <inheritdoc/>
    public override Communicator CreateGraph(ReadOnlySpan<int> sources, ReadOnlySpan<int> destinations)
    {
        CheckNeighbors(sources);
        CheckNeighbors(destinations);
        var neighbors = new Topology(sources.ToArray(), destinations.ToArray());
        CollectiveCall call = Called(CollectiveKind.CreateGraph, -1);
        call.Topology = neighbors;
        Seat seat = Make<Seat>(call, null)!;
        return new ThreadCommunicator(seat.Group, seat.Rank, neighbors);
    }

    /// <inheritdoc/>
    public override Intercommunicator CreateIntercommunicator(int localLeader, Communicator peer, int remoteLeader, int tag = 0)
    {
        Enter(nameof(CreateIntercommunicator));
        nint handle = Rank == localLeader ? MeetLeader(peer, remoteLeader, tag) : 0;
        handle = Broadcast(handle, localLeader);
        var both = (ThreadGroup)GCHandle.FromIntPtr(handle).Target!;
        int rank = Array.IndexOf(both.Members, self);
        if (both.Size != both.Members.Distinct().Count())
            throw new CommunicationException("the two groups have ranks in common", nameof(CreateIntercommunicator), WorldRank, ErrorClass.Communicator);
        var union = new ThreadCommunicator(both, rank, null);
        union.Barrier();                    // everybody has it: the handle is no longer needed
        if (rank == 0)
            GCHandle.FromIntPtr(handle).Free();
        return new ThreadIntercommunicator(union, both.Size - Size);
    }

    private protected override unsafe WindowCore AllocateWindowCore(int length, ElementType type, WindowKind kind)
    {
        CollectiveCall call = Called(CollectiveKind.AllocateWindow, -1, new Payload(null, 0, type));
        WindowSeat seat = Make<WindowSeat>(call, new WindowShare(length, type, group.Size))!;
        return new ThreadWindow(seat, new ThreadCommunicator(seat.Group, Rank, null), self, kind);
    }

    private TResult? Make<TResult>(CollectiveCall call, object? given) where TResult : class
    {
        call.Given = given;
        Meet(call, start: false);
        return (TResult?)call.Result;
    }

    /// <summary>The leaders tell each other their groups; the one of the lower world rank makes the union and tells the other.</summary>
    private nint MeetLeader(Communicator peer, int remoteLeader, int tag)
    {
        GCHandle mine = GCHandle.Alloc(group);
        nint theirs = 0, own = GCHandle.ToIntPtr(mine);
        peer.SendReceive(new ReadOnlySpan<nint>(in own), remoteLeader, new Span<nint>(ref theirs), remoteLeader, tag, tag);
        var remote = (ThreadGroup)GCHandle.FromIntPtr(theirs).Target!;
        nint union = 0;
        if (peer.Rank < remoteLeader)
        {
            union = GCHandle.ToIntPtr(GCHandle.Alloc(new ThreadGroup(World, [.. group.Members, .. remote.Members])));
            peer.Send(union, remoteLeader, tag);
        }
        else
            union = peer.Receive<nint>(remoteLeader, tag);
        int read = 0;                       // the other side has read the group before its handle goes
        peer.SendReceive(new ReadOnlySpan<int>(in read), remoteLeader, new Span<int>(ref read), remoteLeader, tag, tag);
        mine.Free();
        return union;
    }

    private void CheckDimensions(ReadOnlySpan<int> dimensions, ReadOnlySpan<bool> periodic)
    {
        long ranks = 1;
        foreach (int dimension in dimensions)
            ranks = dimension < 1 ? long.MaxValue : ranks > Size ? ranks : ranks * dimension;
        if (dimensions.Length != periodic.Length || ranks > Size)
            throw new CommunicationException(
                $"a grid of {string.Join(" × ", dimensions.ToArray())} with {periodic.Length} periods cannot be made of {Size} ranks",
                nameof(CreateCartesian), WorldRank, ErrorClass.Dimensions);
    }

    private void CheckNeighbors(ReadOnlySpan<int> ranks)
    {
        foreach (int rank in ranks)
            if (rank != ProcessNull && (uint)rank >= (uint)Size)
                throw new CommunicationException($"neighbour {rank} is not in [0, {Size})", nameof(CreateGraph), WorldRank, ErrorClass.Rank);
    }
}
