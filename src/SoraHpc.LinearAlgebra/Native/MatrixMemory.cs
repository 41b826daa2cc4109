using System.Runtime.InteropServices;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>A managed matrix while LAPACK works on it: the array itself, pinned, or a copy with room behind it that is copied back.</summary>
/// <remarks>OpenBLAS 0.3.21 reads up to one column past the end of complex matrices in its zgemv (kernel of Haswell, SkylakeX included), and
/// behind an array of .NET there may be no memory. A copy takes n² moves, of the n³ operations of what is done with it.</remarks>
internal readonly unsafe ref struct MatrixMemory<T> where T : unmanaged
{
    private readonly GCHandle pin;
    private readonly T[]? copied;
    private readonly Workspace copy;

    /// <param name="leading">Entries of a column.</param>
    /// <param name="written">Whether LAPACK changes it.</param>
    internal MatrixMemory(T[] array, int leading, bool written = true)
    {
        if (Element<T>.IsComplex)
        {
            copy = new((array.Length + leading + 16L) * sizeof(T));
            array.AsSpan().CopyTo(new(copy.Address, array.Length));
            copied = written ? array : null;
            Address = (T*)copy.Address;
        }
        else
        {
            pin = GCHandle.Alloc(array, GCHandleType.Pinned);
            Address = (T*)pin.AddrOfPinnedObject();
        }
    }

    internal T* Address { get; }

    public void Dispose()
    {
        if (!Element<T>.IsComplex)
            pin.Free();
        else
        {
            if (copied is not null)
                new Span<T>(Address, copied.Length).CopyTo(copied);
            copy.Dispose();
        }
    }
}
