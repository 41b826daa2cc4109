using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Cartesian_shift_meets_walls_and_wraps([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using Communicator line = comm.CreateCartesian([comm.Size], [false])!;
        (int left, int right) = line.Cartesian!.Shift(0, 1);
        Assert.That(left, Is.EqualTo(line.Rank == 0 ? Communicator.ProcessNull : line.Rank - 1));
        Assert.That(right, Is.EqualTo(line.Rank == line.Size - 1 ? Communicator.ProcessNull : line.Rank + 1));
        int[] from = [-1];
        line.SendReceive<int>([line.Rank], right, from, left);
        Assert.That(from[0], Is.EqualTo(line.Rank == 0 ? -1 : line.Rank - 1), "past a wall the buffer stays as it was");

        using Communicator ring = comm.CreateCartesian([comm.Size], [true])!;
        (left, right) = ring.Cartesian!.Shift(0, 1);
        ring.SendReceive<int>([ring.Rank], right, from, left);
        Assert.That(from[0], Is.EqualTo((ring.Rank + ring.Size - 1) % ring.Size));
    });

    [Test]
    public void Cartesian_leaves_surplus_ranks_out_and_numbers_the_last_dimension_fastest([Values(5, 8)] int size) => OnEveryRank(size, comm =>
    {
        using Communicator? grid = comm.CreateCartesian([2, 2], [false, true]);
        Assert.That(grid is null, Is.EqualTo(comm.Rank >= 4));
        if (grid is null)
            return;
        Assert.That(grid.Cartesian!.Coordinates, Is.EqualTo(new[] { grid.Rank / 2, grid.Rank % 2 }).AsCollection);
        Assert.That(grid.Allreduce(1, ReduceOperation.Sum), Is.EqualTo(4));
    });

    [Test]
    public void Subgrids_keep_their_rows_and_columns([Values(2, 8)] int size) => OnEveryRank(size, comm =>
    {
        int columns = comm.Size / 2;
        using Communicator grid = comm.CreateCartesian([2, columns], [false, true])!;
        int[] at = grid.Cartesian!.Coordinates;
        using Communicator row = grid.CreateSubgrid([false, true]), column = grid.CreateSubgrid([true, false]);
        Assert.That((row.Size, row.Rank, row.Cartesian!.Periodic[0]), Is.EqualTo((columns, at[1], true)));
        Assert.That((column.Size, column.Rank, column.Cartesian!.Periodic[0]), Is.EqualTo((2, at[0], false)));
        Assert.That(row.Allreduce(at[0], ReduceOperation.Sum), Is.EqualTo(columns * at[0]));
        Assert.That(column.Allreduce(at[1], ReduceOperation.Sum), Is.EqualTo(2 * at[1]));
    });

    [Test]
    public void Neighbourhood_exchange_on_a_line_leaves_the_blocks_past_walls([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using Communicator line = comm.CreateCartesian([comm.Size], [false])!;
        int me = line.Rank, last = line.Size - 1;
        int[] receive = [-7, -7];
        line.NeighborAlltoall<int>([me * 10, me * 10 + 1], receive);
        Assert.That(receive, Is.EqualTo(new[] { me == 0 ? -7 : (me - 1) * 10 + 1, me == last ? -7 : (me + 1) * 10 }).AsCollection);
        receive = [-7, -7];
        line.NeighborAllgather<int>([me], receive);
        Assert.That(receive, Is.EqualTo(new[] { me == 0 ? -7 : me - 1, me == last ? -7 : me + 1 }).AsCollection);
    });

    [Test]
    public void Neighbourhood_exchange_on_a_torus_tells_both_directions_apart([Sizes] int size) => OnEveryRank(size, comm =>
    {
        // With one or two ranks both neighbours are the same rank: what went in + must still come from −.
        using Communicator ring = comm.CreateCartesian([comm.Size], [true])!;
        int me = ring.Rank, left = (me + ring.Size - 1) % ring.Size, right = (me + 1) % ring.Size;
        int[] receive = new int[4];
        ring.NeighborAlltoall<int>([me * 10, me * 10 + 1, me * 10 + 2, me * 10 + 3], receive);
        Assert.That(receive, Is.EqualTo(new[] { left * 10 + 2, left * 10 + 3, right * 10, right * 10 + 1 }).AsCollection);
        int[] uneven = new int[3];
        ring.NeighborAlltoallv<int>([me, me + 100, me + 200], [1, 2], uneven, [2, 1]);
        Assert.That(uneven, Is.EqualTo(new[] { left + 100, left + 200, right }).AsCollection);
        Array.Clear(uneven);
        ring.StartNeighborAlltoallv<int>(new[] { me, me + 100, me + 200 }, [1, 2], uneven, [2, 1]).Wait();
        Assert.That(uneven, Is.EqualTo(new[] { left + 100, left + 200, right }).AsCollection);
    });

    [Test]
    public void Graph_exchange_follows_directed_edges([Sizes] int size) => OnEveryRank(size, comm =>
    {
        // A star: everybody sends to rank 0, and rank 0 to everybody else.
        int[] others = [.. Enumerable.Range(1, comm.Size - 1)];
        using Communicator star = comm.Rank == 0 ? comm.CreateGraph(others, others) : comm.CreateGraph([0], [0]);
        int[] send = comm.Rank == 0 ? Fill(others.Length, i => 100 + i) : [comm.Rank];
        int[] receive = new int[send.Length];
        star.NeighborAlltoall<int>(send, receive);
        Assert.That(receive, Is.EqualTo(comm.Rank == 0 ? others : [100 + comm.Rank - 1]).AsCollection);
        int[] counts = comm.Rank == 0 ? Fill(others.Length, i => i + 1) : [comm.Rank];
        int[] blocks = [.. counts.SelectMany(count => Fill(count, _ => count))], got = new int[blocks.Length];
        star.NeighborAlltoallv<int>(blocks, counts, got, counts);
        Assert.That(got, Is.EqualTo(blocks).AsCollection);
    });

    [Test]
    public void Neighbourhood_exchange_without_a_topology_is_refused() => OnEveryRank(1, comm =>
        Refused(() => comm.NeighborAllgather<int>([1], []), ErrorClass.Topology));
}
