namespace SoraHpc.Storage.Checkpoints;

/// <summary>Pieces of memory in the order in which they go to, or come from, one other rank.</summary>
internal sealed unsafe class ByteStream
{
    private readonly List<(nint Address, long Bytes)> pieces = [];
    private int piece;
    private long within;

    /// <summary>Of all pieces.</summary>
    internal long Bytes { get; private set; }

    internal void Add(nint address, long bytes)
    {
        Bytes += bytes;
        if (pieces.Count > 0 && pieces[^1] is var last && last.Address + (nint)last.Bytes == address)
            pieces[^1] = (last.Address, last.Bytes + bytes);
        else
            pieces.Add((address, bytes));
    }

    /// <summary>Copies the next bytes out of the pieces.</summary>
    internal void Take(Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            Span<byte> next = Next(to.Length);
            next.CopyTo(to);
            to = to[next.Length..];
        }
    }

    /// <summary>Copies the next bytes into the pieces.</summary>
    internal void Put(ReadOnlySpan<byte> from)
    {
        while (!from.IsEmpty)
        {
            Span<byte> next = Next(from.Length);
            from[..next.Length].CopyTo(next);
            from = from[next.Length..];
        }
    }

    /// <summary>Copies all bytes from one stream's pieces straight into another's of the same length.</summary>
    internal static void Copy(ByteStream from, ByteStream to)
    {
        for (long left = from.Bytes; left > 0;)
        {
            Span<byte> next = from.Next(int.MaxValue);
            to.Put(next);
            left -= next.Length;
        }
    }

    /// <summary>The next bytes that lie together, at most so many; there are some left.</summary>
    private Span<byte> Next(int atMost)
    {
        (nint address, long bytes) = pieces[piece];
        int length = (int)Math.Min(atMost, bytes - within);
        byte* at = (byte*)address + within;
        within += length;
        if (within == bytes)
            (piece, within) = (piece + 1, 0);
        return new(at, length);
    }
}
