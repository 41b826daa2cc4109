using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Mpi;

internal sealed unsafe partial class MpiCommunicator
{
    /// <inheritdoc/>
    public override Communicator? Split(int color, int key = 0)
    {
        nint comm = Open(nameof(Split)), made = 0;
        Check(mpi.CommSplit(comm, color < 0 ? abi.Undefined : color, key, &made), nameof(Split));
        return WrapUnlessNull(made);
    }

    /// <inheritdoc/>
    public override Communicator SplitShared(int key = 0)
    {
        nint comm = Open(nameof(SplitShared)), made = 0;
        Check(mpi.CommSplitType(comm, abi.SplitShared, key, abi.NullInfo, &made), nameof(SplitShared));
        return Wrap(Process, made);
    }

    /// <inheritdoc/>
    public override Communicator Self()
    {
        nint made = 0;
        Open(nameof(Self));
        Check(mpi.CommDup(abi.Self, &made), nameof(Self));
        return Wrap(Process, made);
    }

    /// <inheritdoc/>
    public override Communicator Duplicate()
    {
        nint comm = Open(nameof(Duplicate)), made = 0;
        Check(mpi.CommDup(comm, &made), nameof(Duplicate));
        Topology? topology = Topology;
        return Wrap(Process, made, topology is null ? null : _ => topology);
    }

    /// <inheritdoc/>
    public override Communicator? CreateCartesian(ReadOnlySpan<int> dimensions, ReadOnlySpan<bool> periodic, bool reorder = false)
    {
        nint comm = Open(nameof(CreateCartesian)), made = 0;
        long ranks = 1;
        foreach (int dimension in dimensions)
            ranks *= Math.Max(0, dimension);
        if (periodic.Length != dimensions.Length || ranks < 1 || ranks > Size)
            errors.Throw($"a grid of {string.Join(" × ", dimensions.ToArray())} ({periodic.Length} periodicities) does not fit {Size} ranks",
                nameof(CreateCartesian), ErrorClass.Dimensions);
        int[] sides = dimensions.ToArray();
        bool[] wraps = periodic.ToArray();
        Span<int> flags = stackalloc int[Math.Max(1, wraps.Length)];
        for (int d = 0; d < wraps.Length; d++)
            flags[d] = wraps[d] ? 1 : 0;
        fixed (int* s = sides, f = flags)
            Check(mpi.CartCreate(comm, sides.Length, s, f, reorder ? 1 : 0, &made), nameof(CreateCartesian));
        return WrapUnlessNull(made, rank => new CartesianTopology(sides, wraps, rank));
    }

    /// <inheritdoc/>
    public override Communicator CreateSubgrid(ReadOnlySpan<bool> keep)
    {
        nint comm = Open(nameof(CreateSubgrid)), made = 0;
        CartesianTopology grid = Cartesian ?? throw new CommunicationException("the communicator is no grid: make one with CreateCartesian",
            nameof(CreateSubgrid), WorldRank, ErrorClass.Topology);
        if (keep.Length != grid.Dimensions.Length)
            errors.Throw($"{keep.Length} marks for {grid.Dimensions.Length} dimensions", nameof(CreateSubgrid), ErrorClass.Dimensions);
        Span<int> flags = stackalloc int[Math.Max(1, keep.Length)];
        List<int> sides = [];
        List<bool> wraps = [];
        for (int d = 0; d < keep.Length; d++)
        {
            flags[d] = keep[d] ? 1 : 0;
            if (!keep[d])
                continue;
            sides.Add(grid.Dimensions[d]);
            wraps.Add(grid.Periodic[d]);
        }
        fixed (int* f = flags)
            Check(mpi.CartSub(comm, f, &made), nameof(CreateSubgrid));
        return Wrap(Process, made, rank => new CartesianTopology(CollectionsMarshal.AsSpan(sides), CollectionsMarshal.AsSpan(wraps), rank));
    }

    /// <inheritdoc/>
    public override Communicator CreateGraph(ReadOnlySpan<int> sources, ReadOnlySpan<int> destinations)
    {
        nint comm = Open(nameof(CreateGraph));
        foreach (int neighbour in (ReadOnlySpan<int>)[.. sources, .. destinations])
            if ((uint)neighbour >= (uint)Size)
                errors.Throw($"neighbour {neighbour} is not in [0, {Size})", nameof(CreateGraph), ErrorClass.Rank);
        int[] from = sources.ToArray(), to = destinations.ToArray();
        return Wrap(Process, Process.CreateGraph(comm, from, to), _ => new Topology(from, to));
    }

    /// <inheritdoc/>
    public override Intercommunicator CreateIntercommunicator(int localLeader, Communicator peer, int remoteLeader, int tag = 0)
    {
        nint comm = Open(nameof(CreateIntercommunicator)), made = 0;
        if ((uint)localLeader >= (uint)Size)
            errors.Throw($"leader {localLeader} is not in [0, {Size})", nameof(CreateIntercommunicator), ErrorClass.Rank);
        Check(mpi.IntercommCreate(comm, localLeader, peer.NativeHandle, remoteLeader, abi.Tag(tag), &made), nameof(CreateIntercommunicator));
        return new MpiIntercommunicator(Process, made);
    }

    private protected override WindowCore AllocateWindowCore(int length, ElementType type, WindowKind kind)
    {
        nint comm = Open(kind switch
        {
            WindowKind.Dynamic => nameof(CreateDynamicWindow), WindowKind.Shared => nameof(AllocateSharedWindow), _ => nameof(AllocateWindow),
        });
        return kind == WindowKind.Dynamic && Size == 1 ? new LoneDynamicWindow(Process) : MpiWindow.Allocate(Process, this, comm, length, type, kind);
    }

    private protected override int WorldRankOf(int rank) => handle == abi.World ? rank : (worldRanks ??= TranslateRanks())[rank];

    private int[] TranslateRanks()
    {
        int[] own = [.. Enumerable.Range(0, Size)], world = new int[Size];
        nint here = 0, all = 0;
        Check(mpi.CommGroup(Open("Comm_group"), &here), "Comm_group");
        Check(mpi.CommGroup(abi.World, &all), "Comm_group");
        fixed (int* from = own, to = world)
            Check(mpi.GroupTranslateRanks(here, Size, from, all, to), "Comm_group");
        Check(mpi.GroupFree(&here), "Comm_group");
        Check(mpi.GroupFree(&all), "Comm_group");
        foreach (ref int rank in world.AsSpan())
            rank = Math.Max(rank, AnySource);               // not in this world: started later
        return world;
    }

    private MpiCommunicator? WrapUnlessNull(nint made, Func<int, Topology>? topology = null) =>
        made == abi.NullCommunicator ? null : Wrap(Process, made, topology);
}
