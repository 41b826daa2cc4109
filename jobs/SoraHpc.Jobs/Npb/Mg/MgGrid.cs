using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Mg;

/// <summary>
/// One function on a periodic cube of n³ points: all planes, or those of this rank with one plane of each neighbour around them. Rows
/// and planes wrap by arithmetic; there is no halo inside a plane.
/// </summary>
internal sealed unsafe class MgGrid : IDisposable
{
    /// <summary>Numbers in a cache line.</summary>
    private const int Line = 8;

    private readonly AlignedBuffer<double> numbers;
    private readonly int halo;

    /// <param name="points">n, a power of two ≥ 2.</param>
    /// <param name="first">The first plane of this rank.</param>
    /// <param name="planes">How many it has; n when it has all.</param>
    internal MgGrid(int points, int first, int planes)
    {
        (Points, First, Planes) = (points, first, planes);
        halo = IsWhole ? 0 : 1;
        // A line more than a row needs: rows a power of two apart would meet in the same sets of the cache.
        Pitch = (points + Line - 1) / Line * Line + Line;
        numbers = new(PlanePitch * (planes + 2 * halo));
    }

    /// <summary>n: points along each side.</summary>
    internal int Points { get; }

    /// <summary>The first plane here; those to <see cref="First"/> + <see cref="Planes"/> belong to this rank.</summary>
    internal int First { get; }

    /// <summary>Planes of this rank.</summary>
    internal int Planes { get; }

    /// <summary>This rank has all planes; every rank then does.</summary>
    internal bool IsWhole => Planes == Points;

    /// <summary>Numbers from one row to the next.</summary>
    internal int Pitch { get; }

    private int PlanePitch => Points * Pitch;

    /// <summary>More than the caches close to the core hold, so that what is written is gone before it is read again.</summary>
    internal bool IsLarge => numbers.Length > 2 << 20;

    /// <summary>Row 0 of a plane of this rank, or of one next to them.</summary>
    internal double* Plane(int plane) => numbers.Address + (nint)(IsWhole ? plane & (Points - 1) : plane - First + halo) * PlanePitch;

    /// <summary>The same as memory for messages: whole planes, the filling of rows included.</summary>
    private Memory<double> PlaneMemory(int plane, int count) => numbers.Memory.Slice((plane - First + halo) * PlanePitch, count * PlanePitch);

    internal void Clear() => numbers.GetSpan().Clear();

    /// <summary>Starts fetching the planes around those of this rank, whose first and last must be ready. Collective; nothing where the grid is whole.</summary>
    internal void StartExchange(Communicator world, Span<Request> requests)
    {
        requests.Clear();
        if (IsWhole)
            return;
        Thread.MemoryBarrier();                 // stores past the caches are in no order with what tells a neighbour to read
        int below = (world.Rank + world.Size - 1) % world.Size, above = (world.Rank + 1) % world.Size;
        requests[0] = world.StartReceive(PlaneMemory(First - 1, 1), below, 0);
        requests[1] = world.StartReceive(PlaneMemory(First + Planes, 1), above, 1);
        requests[2] = world.StartSend<double>(PlaneMemory(First + Planes - 1, 1), above, 0);
        requests[3] = world.StartSend<double>(PlaneMemory(First, 1), below, 1);
    }

    /// <summary>Completes a whole grid of which every rank has made its part, <paramref name="planes"/> planes each. Collective.</summary>
    internal void Gather(Communicator world, int planes) => world.Allgather(numbers.GetSpan()[..(planes * world.Size * PlanePitch)]);

    public void Dispose() => ((IDisposable)numbers).Dispose();
}
