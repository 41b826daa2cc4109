using System.Runtime.InteropServices;
using System.Text;

namespace SoraHpc.Storage.Hdf5;

/// <summary>Text elements of fixed and of variable length.</summary>
internal static unsafe class Strings
{
    private const int NullTerminated = 0, NullPadded = 1;      // H5T_STR_NULLTERM, H5T_STR_NULLPAD
    private const int AsciiSet = 0, Utf8Set = 1;               // H5T_CSET_ASCII, H5T_CSET_UTF8

    /// <summary>Text of <paramref name="length"/> bytes; the caller closes it.</summary>
    internal static long FixedType(OpenFile file, int length, bool nullTerminated, bool isAscii, string item)
    {
        long type = file.Check(file.H5.H5Tcopy(file.Library.Types.Text), item);
        file.Check(file.H5.H5Tset_size(type, (nuint)length), item);
        file.Check(file.H5.H5Tset_strpad(type, nullTerminated ? NullTerminated : NullPadded), item);
        file.Check(file.H5.H5Tset_cset(type, isAscii ? AsciiSet : Utf8Set), item);
        return type;
    }

    /// <summary>Text of variable length, UTF-8; the caller closes it.</summary>
    internal static long VariableType(OpenFile file, string item)
    {
        long type = file.Check(file.H5.H5Tcopy(file.Library.Types.Text), item);
        file.Check(file.H5.H5Tset_size(type, nuint.MaxValue), item);   // H5T_VARIABLE
        file.Check(file.H5.H5Tset_cset(type, Utf8Set), item);
        return type;
    }

    /// <summary>Reads texts through <paramref name="read"/>, which is handed the memory type and the address. Inside the library's lock.</summary>
    /// <param name="type">The file's type, also used in memory: no conversion.</param>
    /// <param name="space">The dataspace whose elements are read, to free what the library allocates.</param>
    internal static string[] Read(OpenFile file, Hdf5ElementType element, long type, long space, long count, string item, Func<long, nint, int> read)
    {
        string[] texts = new string[count];
        if (count == 0)
            return texts;
        nuint bytes = checked((nuint)count * (nuint)element.Size);
        byte* buffer = (byte*)NativeMemory.AllocZeroed(bytes);
        try
        {
            file.Check(read(type, (nint)buffer), item);
            for (long i = 0; i < count; i++)
                texts[i] = element.IsVariable ? FromPointer(((byte**)buffer)[i]) : Text.FromUtf8(buffer + i * element.Size, element.Size).TrimEnd(' ');
            if (element.IsVariable)
                _ = file.H5.H5Dvlen_reclaim(type, space, 0, buffer);
            return texts;
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }

    private static string FromPointer(byte* text) => text is null ? "" : Text.FromUtf8(text);
}

/// <summary>Texts as an array of C pointers, for as long as a write takes.</summary>
internal sealed unsafe class NativeTexts : IDisposable
{
    private readonly byte** pointers;
    private readonly int count;

    internal NativeTexts(IReadOnlyList<string> texts)
    {
        count = texts.Count;
        pointers = (byte**)NativeMemory.AllocZeroed((nuint)Math.Max(1, count), (nuint)sizeof(byte*));
        for (int i = 0; i < count; i++)
        {
            byte[] text = Text.ToUtf8(texts[i]);
            pointers[i] = (byte*)NativeMemory.Alloc((nuint)text.Length);
            text.CopyTo(new Span<byte>(pointers[i], text.Length));
        }
    }

    internal void* Address => pointers;

    public void Dispose()
    {
        for (int i = 0; i < count; i++)
            NativeMemory.Free(pointers[i]);
        NativeMemory.Free(pointers);
    }
}
