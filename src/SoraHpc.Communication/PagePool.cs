using System.Runtime.InteropServices;

namespace SoraHpc.Communication;

/// <summary>
/// Keeps large blocks that were freed for whoever asks for as much again: their pages are mapped, huge and near the thread that touched
/// them. For a block of its own the system must map and clear every page, which takes longer than filling it.
/// </summary>
/// <remarks>Process-wide, as the allocator below it is. A thread gets back only what it freed itself: another may run on another socket.</remarks>
internal static unsafe class PagePool
{
    /// <summary>Blocks below this size [B] are the C library's business, which keeps them too.</summary>
    internal const int Smallest = 2 << 20;

    /// <summary>Most that is kept [B]; beyond it the block that was freed longest ago goes.</summary>
    internal const long Most = 256L << 20;

    private readonly record struct Block(int Thread, nuint Bytes, nint Address);

    private static readonly List<Block> Kept = [];      // in the order they were freed; a few dozen at most
    private static long keptBytes;

    /// <summary>A block of <paramref name="bytes"/> rounded up to whole huge pages, on a huge page's boundary; its contents are arbitrary.</summary>
    internal static void* Rent(nuint bytes)
    {
        nuint whole = Whole(bytes);
        int thread = Environment.CurrentManagedThreadId;
        lock (Kept)
        {
            int found = Kept.FindLastIndex(block => block.Thread == thread && block.Bytes == whole);
            if (found >= 0)
            {
                nint address = Kept[found].Address;
                Kept.RemoveAt(found);
                keptBytes -= (long)whole;
                return (void*)address;
            }
        }
        void* made = NativeMemory.AlignedAlloc(whole, Smallest);
        HugePages.Advise(made, whole);              // before the first touch, which decides
        return made;
    }

    /// <summary>Takes back what <see cref="Rent"/> gave for as many bytes.</summary>
    internal static void Return(void* address, nuint bytes)
    {
        nuint whole = Whole(bytes);
        lock (Kept)
        {
            Kept.Add(new(Environment.CurrentManagedThreadId, whole, (nint)address));
            keptBytes += (long)whole;
            while (keptBytes > Most)
            {
                NativeMemory.AlignedFree((void*)Kept[0].Address);
                keptBytes -= (long)Kept[0].Bytes;
                Kept.RemoveAt(0);
            }
        }
    }

    private static nuint Whole(nuint bytes) => (bytes + Smallest - 1) / Smallest * Smallest;
}
