using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Runtime;

/// <summary>A field's numbers over one block plus its halo: rows padded so that every row's first cell has the same alignment.</summary>
public sealed unsafe class Patch<T> : IDisposable where T : unmanaged
{
    private readonly AlignedBuffer<T> memory;

    internal Patch(int part, Block block, Extent extent, int haloWidth)
    {
        (Part, Block, HaloWidth) = (part, block, haloWidth);
        Padded = block.Grow(haloWidth, extent);
        (long lead, RowStride, PlaneStride) = LayoutOf(block, Padded, haloWidth);
        memory = new AlignedBuffer<T>(checked((int)(PlaneStride * Padded.Planes)));
        Cell inside = block.Begin - Padded.Begin;
        Origin = memory.Address + inside.Plane * PlaneStride + inside.Row * RowStride + lead;
    }

    private static (long Lead, long RowStride, long PlaneStride) LayoutOf(Block block, Block padded, int haloWidth)
    {
        int perLine = Math.Max(1, AlignedBuffer<T>.Alignment / sizeof(T));
        long lead = (haloWidth + perLine - 1) / perLine * perLine;           // the first own cell of a row starts a cache line
        long rowStride = (lead + block.Columns + haloWidth + perLine - 1) / perLine * perLine;
        return (lead, rowStride, rowStride * padded.Rows);
    }

    /// <summary>Memory a patch takes [B].</summary>
    internal static long BytesFor(Block block, Extent extent, int haloWidth)
    {
        Block padded = block.Grow(haloWidth, extent);
        return LayoutOf(block, padded, haloWidth).PlaneStride * padded.Planes * sizeof(T);
    }

    /// <summary>All of it, halo and padding included; laid out alike on every rank.</summary>
    internal Memory<T> Memory => memory.Memory;

    /// <summary>Number of the part this is.</summary>
    public int Part { get; }

    /// <summary>The cells owned, in grid coordinates.</summary>
    public Block Block { get; }

    /// <summary>The block with its halo.</summary>
    public Block Padded { get; }

    /// <summary>Cells of halo on every side.</summary>
    public int HaloWidth { get; }

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride { get; }

    /// <summary>Elements from one plane to the next.</summary>
    public long PlaneStride { get; }

    /// <summary>The block's first own cell; halo cells lie at negative offsets and past the rows' ends.</summary>
    public T* Origin { get; }

    /// <summary>Elements from <see cref="Origin"/> to a cell in grid coordinates, negative in the halo before it. Not checked.</summary>
    public long OffsetOf(Cell cell)
    {
        Cell at = cell - Block.Begin;
        return at.Plane * PlaneStride + at.Row * RowStride + at.Column;
    }

    /// <summary>A cell of the block or its halo, in grid coordinates. Not checked: beyond <see cref="Padded"/> lies other memory.</summary>
    public ref T this[Cell cell] => ref Origin[OffsetOf(cell)];

    /// <summary>The own columns of one row, halo excluded; <paramref name="row"/> and <paramref name="plane"/> in grid coordinates, of the block or its halo. Not
    /// checked.</summary>
    public Span<T> Row(long row, long plane = 0) => new(Origin + OffsetOf(new(plane, row, Block.Begin.Column)), (int)Block.Columns);

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)memory).Dispose();
}
