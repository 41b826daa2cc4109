using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Compression;

/// <summary>Reads what a <see cref="BitWriter"/> wrote.</summary>
internal sealed class BitReader(byte[] bytes)
{
    private long at;

    /// <exception cref="SoraException">There are no more.</exception>
    internal uint Read(int count)
    {
        if (at + count > 8L * bytes.Length)
            throw new SoraException($"a code ends after {bytes.Length} bytes, in the middle of a number: the file is cut off or damaged");
        uint value = 0;
        for (int i = 0; i < count; i++, at++)
            value = value << 1 | (uint)(bytes[at >> 3] >> (int)(7 - (at & 7)) & 1);
        return value;
    }

    internal float ReadSingle() => BitConverter.UInt32BitsToSingle(Read(32));

    /// <summary>Whether only the rest of the last byte is left.</summary>
    internal bool IsAtEnd => 8L * bytes.Length - at < 8;
}
