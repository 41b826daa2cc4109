using System.Runtime.InteropServices;
using System.Text;

namespace SoraHpc.Storage.Hdf5;

/// <summary>C text from and to strings; HDF5 names are UTF-8.</summary>
internal static unsafe class Text
{
    /// <summary>UTF-8 with a closing zero.</summary>
    internal static byte[] ToUtf8(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>At most <paramref name="length"/> bytes, up to the first zero.</summary>
    internal static string FromUtf8(byte* text, int length)
    {
        ReadOnlySpan<byte> bytes = new(text, length);
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Up to the closing zero; empty for a null pointer.</summary>
    internal static string FromUtf8(byte* text) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
