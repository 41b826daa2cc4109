using System.Runtime.InteropServices;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Communication.Threads;

/// <summary>
/// The collectives that combine: always in rank order, so that the result has the same bits in every run. The elements are cut into
/// pieces that stay in the first-level cache while all ranks' operands are folded into them; a part is a range of elements.
/// </summary>
internal static unsafe class ReductionWork
{
    /// <summary>Two of these live on the stack and in the first-level cache.</summary>
    private const int PieceBytes = 8192;

    internal static void Do(Meeting meeting, CollectiveCall worker, int part, int parts)
    {
        if (worker.Kind is CollectiveKind.ReduceScatter or CollectiveKind.ReduceScatterv)
        {
            nint offset = 0;
            for (int block = 0; block < meeting.Group.Size; block++)
            {
                nint length = worker.Kind == CollectiveKind.ReduceScatter ? worker.Length : worker.ReceiveCounts[block];
                if (block % parts == part)
                    Range(meeting, worker, offset, offset + length, block, offset);
                offset += length;
            }
            return;
        }
        nint begin = worker.Length / parts * part + Math.Min(part, worker.Length % parts);
        nint end = begin + worker.Length / parts + (part < worker.Length % parts ? 1 : 0);
        Range(meeting, worker, begin, end, worker.Kind == CollectiveKind.Reduce ? worker.Root : -1, 0);
    }

    /// <param name="receiver">The one rank that gets the result; −1 for all.</param>
    /// <param name="origin">Where the receiver's buffer begins among the elements.</param>
    private static void Range(Meeting meeting, CollectiveCall worker, nint begin, nint end, int receiver, nint origin)
    {
        int size = worker.Send.Type.Size;
        nint piece = Math.Max(1, PieceBytes / size);
        nuint bytes = (nuint)(piece * size);
        byte* own = stackalloc byte[2 * PieceBytes];
        byte* large = bytes > PieceBytes ? (byte*)NativeMemory.Alloc(2 * bytes) : null;    // one element larger than a piece
        byte* total = large is null ? own : large, spare = total + bytes;
        try
        {
            for (nint at = begin; at < end; at += piece)
                Piece(meeting, worker, total, spare, at, Math.Min(piece, end - at), receiver, origin);
        }
        finally
        {
            NativeMemory.Free(large);
        }
    }

    private static void Piece(Meeting meeting, CollectiveCall worker, byte* total, byte* spare, nint at, nint count, int receiver, nint origin)
    {
        ReduceOperation operation = worker.Operation!;
        ElementType type = worker.Send.Type;
        nint bytes = count * type.Size;
        bool isScan = worker.Kind == CollectiveKind.Scan, isExscan = worker.Kind == CollectiveKind.Exscan;
        for (int r = 0; r < meeting.Group.Size; r++)
        {
            CollectiveCall call = meeting.CallOf(r);
            byte* operand = (byte*)(BlockMoves.IsInPlace(call.Send) ? call.Receive : call.Send).Address + at * type.Size;
            byte* result = (byte*)call.Receive.Address + at * type.Size;
            if (isExscan && r > 0)
            {
                Exclusive(operation, type, total, operand, result, count, spare);
                continue;
            }
            if (r == 0)
                Buffer.MemoryCopy(operand, total, bytes, bytes);
            else
                Reduction.Accumulate(operation, type, total, operand, count, spare);
            if (isScan)
                Buffer.MemoryCopy(total, result, bytes, bytes);
        }
        if (!isScan && !isExscan)
            HandOut(meeting, total, bytes, (at - origin) * type.Size, receiver);
    }

    // In place the result replaces the operand: the operand is folded into a total of its own first.
    private static void Exclusive(ReduceOperation operation, ElementType type, byte* total, byte* operand, byte* result, nint count, byte* spare)
    {
        nint bytes = count * type.Size;
        byte* next = stackalloc byte[PieceBytes];
        byte* large = bytes > PieceBytes ? (byte*)NativeMemory.Alloc((nuint)bytes) : null;
        byte* sum = large is null ? next : large;
        Buffer.MemoryCopy(total, sum, bytes, bytes);
        Reduction.Accumulate(operation, type, sum, operand, count, spare);
        Buffer.MemoryCopy(total, result, bytes, bytes);
        Buffer.MemoryCopy(sum, total, bytes, bytes);
        NativeMemory.Free(large);
    }

    private static void HandOut(Meeting meeting, byte* total, nint bytes, nint offset, int receiver)
    {
        for (int r = 0; r < meeting.Group.Size; r++)
            if (r == receiver || receiver < 0)
                Buffer.MemoryCopy(total, (byte*)meeting.CallOf(r).Receive.Address + offset, bytes, bytes);
    }
}
