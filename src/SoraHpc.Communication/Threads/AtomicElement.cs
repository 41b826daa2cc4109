using System.Runtime.CompilerServices;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Communication.Threads;

/// <summary>Read-modify-write of one element of a window. Numbers of 4 and 8 bytes by the processor's compare-and-swap, which is atomic
/// also against a rank that uses it on shared memory directly; others under the share's lock.</summary>
internal static unsafe class AtomicElement
{
    /// <summary>The largest number an accumulate takes [B]: <see cref="ElementKind.Complex"/>, <see cref="ElementKind.LocatedDouble"/>.</summary>
    internal const int LargestBytes = 16;

    /// <summary>old = element; element = element ∘ value.</summary>
    internal static void Update(Lock gate, ReduceOperation operation, ElementType type, byte* element, byte* value, byte* old)
    {
        if (type.Size == sizeof(long))
            Update64(operation, type, (long*)element, value, (long*)old);
        else if (type.Size == sizeof(int))
            Update32(operation, type, (int*)element, value, (int*)old);
        else
            lock (gate)
            {
                Buffer.MemoryCopy(element, old, type.Size, type.Size);
                Reduction.Accumulate(operation, type, element, value, 1, null);
            }
    }

    /// <summary>old = element; element = value if it was <paramref name="expected"/>.</summary>
    internal static void CompareAndSwap(Lock gate, ElementType type, byte* element, byte* value, byte* expected, byte* old)
    {
        if (type.Size == sizeof(long))
            *(long*)old = Interlocked.CompareExchange(ref *(long*)element, *(long*)value, *(long*)expected);
        else if (type.Size == sizeof(int))
            *(int*)old = Interlocked.CompareExchange(ref *(int*)element, *(int*)value, *(int*)expected);
        else
            lock (gate)
            {
                Unsafe.CopyBlock(old, element, (uint)type.Size);
                if (new ReadOnlySpan<byte>(old, type.Size).SequenceEqual(new ReadOnlySpan<byte>(expected, type.Size)))
                    Unsafe.CopyBlock(element, value, (uint)type.Size);
            }
    }

    private static void Update64(ReduceOperation operation, ElementType type, long* element, byte* value, long* old)
    {
        long seen = Volatile.Read(ref *element), found;
        while (true)
        {
            long next = seen;
            Reduction.Accumulate(operation, type, &next, value, 1, null);
            if ((found = Interlocked.CompareExchange(ref *element, next, seen)) == seen)
                break;
            seen = found;
        }
        *old = seen;
    }

    private static void Update32(ReduceOperation operation, ElementType type, int* element, byte* value, int* old)
    {
        int seen = Volatile.Read(ref *element), found;
        while (true)
        {
            int next = seen;
            Reduction.Accumulate(operation, type, &next, value, 1, null);
            if ((found = Interlocked.CompareExchange(ref *element, next, seen)) == seen)
                break;
            seen = found;
        }
        *old = seen;
    }
}
