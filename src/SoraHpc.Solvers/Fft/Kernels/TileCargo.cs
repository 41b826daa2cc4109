using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SoraHpc.Solvers.Fft.Lanes;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>What is carried while the panels of a tile are transformed: the tile before out of its buffer, the tile after into the same. A little
/// goes with every number a pass stores, so that memory and arithmetic are busy at the same time.</summary>
/// <param name="tile">The buffer beside the tile that is transformed.</param>
/// <param name="columns">Numbers in its rows, a power of two.</param>
/// <param name="from">Number 0 of the tile after; null where there is none.</param>
/// <param name="fromStride">Doubles from a row to the next.</param>
/// <param name="to">Where number 0 of the tile before goes; null where there is none.</param>
/// <param name="beyondCache">Past the cache, without reading first; <paramref name="to"/> and its stride are then multiples of 64 B.</param>
internal readonly unsafe struct TileCargo(double* tile, int columns, double* from, nint fromStride, double* to, nint toStride, bool beyondCache)
{
    // Rows from one being copied to that asked for: the memory's latency. More would crowd out each other, for a stride that is a power of
    // two leads to the same few sets of the nearest cache.
    private const int RowsAhead = 4;

    /// <summary>Binary logarithm of the pieces in a row.</summary>
    /// <param name="lanes">Numbers in a piece.</param>
    internal int PiecesShift(int lanes) => BitOperations.Log2((uint)(columns / lanes));

    /// <summary>Carries piece number <paramref name="piece"/>, row-major, of as many numbers as there are lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Carry<T>(int piece, int shift) where T : unmanaged, ILanes<T>
    {
        nint row = piece >> shift, column = (piece & ((1 << shift) - 1)) * 2 * T.Count;
        double* here = tile + (nint)piece * 2 * T.Count;
        if (to is not null)
            Store(T.Load(here), T.Load(here + T.Count), to + row * toStride + column);
        if (from is null)
            return;
        double* source = from + row * fromStride + column;
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(source + RowsAhead * fromStride);
            Sse.Prefetch0(source + RowsAhead * fromStride + T.Count);
        }
        T.Store(T.Load(source), here);
        T.Store(T.Load(source + T.Count), here + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<T>(T low, T high, double* at) where T : unmanaged, ILanes<T>
    {
        if (beyondCache)
        {
            T.StoreBeyondCache(low, at);
            T.StoreBeyondCache(high, at + T.Count);
        }
        else
        {
            T.Store(low, at);
            T.Store(high, at + T.Count);
        }
    }
}

/// <summary>Results into the panel, in forward order; with each, a piece of <see cref="TileCargo"/> is carried.</summary>
/// <param name="first">The piece that goes with place 0.</param>
internal readonly unsafe struct CarryingOutput<T>(double* panel, TileCargo cargo, int first) : IPassOutput<T> where T : unmanaged, ILanes<T>
{
    private readonly int shift = cargo.PiecesShift(T.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int place, T re, T im)
    {
        double* at = panel + (nint)place * 2 * T.Count;
        T.Store(re, at);
        T.Store(im, at + T.Count);
        cargo.Carry<T>(first + place, shift);
    }
}
