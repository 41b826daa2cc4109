using System.Runtime.InteropServices;
using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>
/// One rank's part of a checkpoint in one piece of memory, which says itself what it is and is sent as it is: head, layout, a checksum of every
/// section, data. Kept from one checkpoint to the next, so that its pages are touched once.
/// </summary>
internal sealed unsafe class CheckpointImage : IDisposable
{
    /// <summary>What is checked in one piece [B]: short enough to be in cache when it has just been copied.</summary>
    private const int SectionBytes = 256 << 10;

    private const int PageBytes = 4096;

    // A part that grows, as lists do, is not to be given new memory every time.
    private const double Room = 1.125;

    private AlignedBuffer<ulong>? memory;
    private byte* at;
    private int filled;
    private long section;

    /// <summary>What it begins with. Nothing in it counts unless <see cref="HasHead"/>.</summary>
    internal ref ImageHead Head => ref *(ImageHead*)Address;

    /// <summary>Of the part, as the layout says.</summary>
    internal byte* Data => Address + Head.DataAt;

    internal ReadOnlySpan<byte> Layout => new(Address + sizeof(ImageHead), Head.LayoutBytes);

    /// <summary>All of it.</summary>
    internal long Bytes => Head.DataAt + Head.DataBytes;

    /// <summary>All of it, to be sent.</summary>
    internal Memory<ulong> Message => MessageOf(Bytes);

    private byte* Address => memory is null ? null : (byte*)memory.Address;

    private Span<ulong> Tags => new(Address + Head.TagsAt, checked((int)Head.Sections));

    /// <summary>Memory for one that is to be received.</summary>
    /// <exception cref="CheckpointException">It is too large for one message.</exception>
    internal Memory<ulong> MakeRoom(long bytes)
    {
        long words = (bytes + sizeof(ulong) - 1) / sizeof(ulong);
        if (words > int.MaxValue)
            throw new CheckpointException($"a rank's part of the checkpoint has {bytes / 1e9:0.0} GB, a copy in memory at most {int.MaxValue * 8L / 1e9:0.0} GB: run on more ranks, or leave out the copies");
        if (memory is null || memory.Length < words)
        {
            Dispose();
            memory = new((int)Math.Min(int.MaxValue, words * Room));
        }
        return memory.Memory[..(int)words];
    }

    /// <summary>Makes it an image of so much data, which are filled in next.</summary>
    internal void Begin(ImageHead head, ReadOnlySpan<byte> layout, long dataBytes)
    {
        head.LayoutBytes = layout.Length;
        head.DataBytes = dataBytes;
        head.Sections = (dataBytes + SectionBytes - 1) / SectionBytes;
        head.TagsAt = (sizeof(ImageHead) + layout.Length + sizeof(ulong) - 1) / sizeof(ulong) * sizeof(ulong);
        head.DataAt = (head.TagsAt + head.Sections * sizeof(ulong) + PageBytes - 1) / PageBytes * PageBytes;
        MakeRoom(head.DataAt + dataBytes);
        new Span<byte>(Address, (int)head.TagsAt).Clear();
        Head = head;
        layout.CopyTo(new Span<byte>(Address + sizeof(ImageHead), layout.Length));
        at = Data;
        (filled, section) = (0, 0);
    }

    /// <summary>Copies the next bytes into it. Each section is checked while it is in cache: memory is read once and written once.</summary>
    internal void Append(byte* from, long bytes)
    {
        while (bytes > 0)
        {
            int next = (int)Math.Min(bytes, SectionBytes - filled);
            Buffer.MemoryCopy(from, at + filled, next, next);
            from += next;
            bytes -= next;
            filled += next;
            if (filled == SectionBytes)
                CloseSection();
        }
    }

    /// <summary>After all was appended: it is whole.</summary>
    internal void Close()
    {
        if (filled > 0)
            CloseSection();
        Head.Hash = HashOfHead();
    }

    /// <summary>After its data were filled in by others than <see cref="Append"/>: it is whole.</summary>
    internal void CloseAll()
    {
        for (long left = Head.DataBytes; left > 0; left -= SectionBytes)
        {
            filled = (int)Math.Min(left, SectionBytes);
            CloseSection();
        }
        Head.Hash = HashOfHead();
    }

    /// <summary>Whether it begins as an image of a job's that was closed; of its data nothing is said.</summary>
    internal bool HasHead(ulong identity) => memory is not null && Head.Number > 0 && Head.Identity == identity
        && Head is { LayoutBytes: >= 0, DataBytes: >= 0, Sections: >= 0 } && Head.TagsAt >= sizeof(ImageHead) + Head.LayoutBytes
        && Head.DataAt >= Head.TagsAt + Head.Sections * sizeof(ulong) && Head.DataAt <= memory.Length * 8L - Head.DataBytes && Head.Hash == HashOfHead();

    /// <summary>Whether all data are what they were, where there is a head.</summary>
    internal bool IsWhole()
    {
        for (long number = 0; number < Head.Sections; number++)
            if (Tags[(int)number] != XxHash64.Of(new(Data + number * SectionBytes, (int)Math.Min(SectionBytes, Head.DataBytes - number * SectionBytes)), (ulong)number))
                return false;
        return true;
    }

    public void Dispose()
    {
        (memory as IDisposable)?.Dispose();
        memory = null;
    }

    private Memory<ulong> MessageOf(long bytes) => memory!.Memory[..(int)((bytes + sizeof(ulong) - 1) / sizeof(ulong))];

    private void CloseSection()
    {
        Tags[(int)section] = XxHash64.Of(new(at, filled), (ulong)section);
        at += filled;
        filled = 0;
        section++;
    }

    private ulong HashOfHead() => XxHash64.Of(new(Address + sizeof(ulong), checked((int)(Head.TagsAt + Head.Sections * sizeof(ulong) - sizeof(ulong)))));
}

/// <summary>The first bytes of an image: whose it is, and what follows. In the machine's own order of bytes: it is never stored.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ImageHead
{
    /// <summary>Of all that follows it up to the data.</summary>
    internal ulong Hash;
    /// <summary>Of the job and its options.</summary>
    internal ulong Identity;
    /// <summary>Of the checkpoint, ≥ 1; a later one has a higher one.</summary>
    internal long Number;
    internal long Step;
    internal double Time;
    /// <summary>Whose part it is, and of how many.</summary>
    internal int Rank, Ranks;
    internal int LayoutBytes;
    internal long TagsAt, Sections, DataAt, DataBytes;
}
