using SoraHpc.Communication;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Operators;

/// <summary>
/// The rows around one rank's box: received from the ranks that border on it, or made by the boundary. A plane is sent from where it
/// is; rows of several planes are packed first. Everything received is used where it arrives. Allocates nothing once made.
/// </summary>
internal sealed unsafe class GridHalo : IDisposable
{
    private const int Tag = 0;          // the communicator is the layout's; halos of different vectors follow one another in the same order everywhere

    private readonly GridLayout grid;
    private readonly int ownPlanes, ownRows, columns;
    private readonly StencilBoundary boundary;
    private readonly bool corners;

    // Index (planes + 1)·3 + rows + 1 of the eight sides; the middle one is the box itself and stays empty.
    private readonly AlignedBuffer<double>[] received = new AlignedBuffer<double>[9];
    private readonly AlignedBuffer<double>?[] packed = new AlignedBuffer<double>?[9];
    private readonly int[] neighbours = new int[9];
    private readonly Request[] requests = new Request[16];
    private int started;

    /// <param name="corners">Whether the four sides across an edge of the box are needed.</param>
    internal GridHalo(GridLayout grid, StencilBoundary boundary, bool corners)
    {
        (this.grid, this.boundary, this.corners) = (grid, boundary, corners);
        (ownPlanes, ownRows, columns) = (grid.Planes, grid.Rows, grid.Columns);
        Array.Fill(neighbours, Communicator.ProcessNull);
        foreach ((int planes, int rows, int side) in Sides())
        {
            neighbours[side] = grid.Neighbour(planes, rows);
            int length = (planes != 0 ? 1 : grid.Planes) * (rows != 0 ? 1 : grid.Rows) * grid.Columns;
            received[side] = new(length + 16);           // kernels may read a vector's width beyond either end
            if (neighbours[side] != Communicator.ProcessNull && rows != 0)
                packed[side] = new(length);
        }
        received[4] = new(0);
    }

    /// <summary>A row of the box or, one step outside it, of the halo.</summary>
    internal double* Row(double* x, int plane, int row)
    {
        return (uint)plane < (uint)ownPlanes && (uint)row < (uint)ownRows ? x + ((nint)plane * ownRows + row) * columns : RowOutside(plane, row);
    }

    private double* RowOutside(int plane, int row)
    {
        (int planes, int rows) = (plane < 0 ? -1 : plane < ownPlanes ? 0 : 1, row < 0 ? -1 : row < ownRows ? 0 : 1);
        nint at = planes == 0 ? plane : rows == 0 ? row : 0;
        return received[(planes + 1) * 3 + rows + 1].Address + 8 + at * columns;
    }

    /// <summary>Sends what the neighbours need of <paramref name="x"/>, which may be read until <see cref="Finish"/> but not written, and makes
    /// what lies beyond the grid along this rank's own faces.</summary>
    internal void Start(DistributedVector x)
    {
        started = 0;
        Communicator communicator = grid.Communicator;
        foreach ((int planes, int rows, int side) in Sides())
            if (neighbours[side] != Communicator.ProcessNull)
                requests[started++] = communicator.StartReceive(received[side].Memory[8..^8], neighbours[side], Tag + side);
        foreach ((int planes, int rows, int side) in Sides())
            if (neighbours[side] != Communicator.ProcessNull)
                requests[started++] = communicator.StartSend<double>(Outgoing(x, planes, rows, side), neighbours[side], Tag + 8 - side);   // their opposite side
        Mirror(x.Address, ofReceived: false);
    }

    /// <summary>Waits for the neighbours and makes the rest of what lies beyond the grid.</summary>
    internal void Finish(DistributedVector x)
    {
        Request.WaitAll(requests.AsSpan(0, started));
        Mirror(x.Address, ofReceived: true);
    }

    private void Mirror(double* x, bool ofReceived)
    {
        if (boundary == StencilBoundary.ZeroBeyond)
            return;                             // zero since they were made
        foreach ((int planes, int rows, int side) in Sides())
            if (neighbours[side] == Communicator.ProcessNull && ofReceived != (IsBeyond(planes, 0) && IsBeyond(0, rows)))
                Mirror(x, planes, rows, boundary == StencilBoundary.NoFlux ? 1 : -1);
    }

    // True for no step at all: nothing has to arrive for it.
    private bool IsBeyond(int planes, int rows) => planes == 0 && rows == 0 || grid.Neighbour(planes, rows) == Communicator.ProcessNull;

    // Beyond an edge of the grid both reflections apply; beyond an edge of the box but one face of the grid, that of the face applies
    // to what the neighbour on the other side sent.
    private void Mirror(double* x, int planes, int rows, double sign)
    {
        bool beyondPlanes = planes != 0 && IsBeyond(planes, 0), beyondRows = rows != 0 && IsBeyond(0, rows);
        double factor = (beyondPlanes ? sign : 1) * (beyondRows ? sign : 1);
        (int firstPlane, int lastPlane) = planes == 0 ? (0, grid.Planes - 1) : planes < 0 ? (-1, -1) : (grid.Planes, grid.Planes);
        (int firstRow, int lastRow) = rows == 0 ? (0, grid.Rows - 1) : rows < 0 ? (-1, -1) : (grid.Rows, grid.Rows);
        for (int plane = firstPlane; plane <= lastPlane; plane++)
            for (int row = firstRow; row <= lastRow; row++)
            {
                double* from = Row(x, plane - (beyondPlanes ? planes : 0), row - (beyondRows ? rows : 0)), to = Row(x, plane, row);
                for (int column = 0; column < grid.Columns; column++)
                    to[column] = factor * from[column];
            }
    }

    private Memory<double> Outgoing(DistributedVector x, int planes, int rows, int side)
    {
        int firstPlane = planes > 0 ? grid.Planes - 1 : 0, row = rows > 0 ? grid.Rows - 1 : 0;
        if (rows == 0)
            return x.Memory.Slice(firstPlane * grid.Rows * columns, grid.Rows * columns);
        AlignedBuffer<double> message = packed[side]!;
        int count = planes == 0 ? grid.Planes : 1;
        for (int plane = 0; plane < count; plane++)
            new ReadOnlySpan<double>(Row(x.Address, firstPlane + plane, row), columns).CopyTo(message.GetSpan().Slice(plane * columns, columns));
        return message.Memory;
    }

    private SideEnumerator Sides() => new(corners);

    /// <summary>Frees the messages; none may be under way.</summary>
    public void Dispose()
    {
        foreach (AlignedBuffer<double>? buffer in received.Concat(packed))
            ((IDisposable?)buffer)?.Dispose();
    }

    // Four sides, or eight; a struct, so that walking them allocates nothing.
    private struct SideEnumerator(bool corners)
    {
        private int side = -1;
        public readonly SideEnumerator GetEnumerator() => this;
        public readonly (int Planes, int Rows, int Side) Current => (side / 3 - 1, side % 3 - 1, side);
        public bool MoveNext()
        {
            do
                side++;
            while (side == 4 || !corners && side < 9 && side % 2 == 0);
            return side < 9;
        }
    }
}
