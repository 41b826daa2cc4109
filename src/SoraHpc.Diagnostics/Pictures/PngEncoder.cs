using System.Buffers.Binary;
using System.IO.Compression;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Images of up to 256 colours as PNG, nothing else.</summary>
/// <remarks>Source: ISO/IEC 15948, Portable Network Graphics; indexed colour, 8 bits, no filter (best for palettes), no interlace.</remarks>
internal static class PngEncoder
{
    private static readonly uint[] CrcTable = MakeCrcTable();

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>The image as a PNG file.</summary>
    /// <param name="pixels">Palette indices, row-major from the top left, <paramref name="width"/> × <paramref name="height"/>.</param>
    /// <param name="palette">1 to 256 colours.</param>
    /// <param name="transparent">The palette index shown as nothing; −1: none.</param>
    internal static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, ReadOnlySpan<Rgb> palette, int transparent = -1)
    {
        if (pixels.Length != width * height)
            throw new ArgumentException($"pixels holds {pixels.Length} entries, {width} × {height} are needed", nameof(pixels));
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9], header[10], header[11], header[12]) = (8, 3, 0, 0, 0);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "PLTE"u8, PaletteBytes(palette));
        if (transparent >= 0)
            WriteChunk(file, "tRNS"u8, Opacity(transparent));
        WriteChunk(file, "IDAT"u8, Compress(pixels, width, height));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>CRC-32 of the bytes as PNG and zip define it.</summary>
    internal static uint Crc(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default) =>
        Continue(Continue(0xffffffff, first), second) ^ 0xffffffff;

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
            crc = CrcTable[(crc ^ b) & 0xff] ^ (crc >> 8);
        return crc;
    }

    private static byte[] PaletteBytes(ReadOnlySpan<Rgb> palette)
    {
        var bytes = new byte[3 * palette.Length];
        for (int i = 0; i < palette.Length; i++)
            (bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]) = (palette[i].Red, palette[i].Green, palette[i].Blue);
        return bytes;
    }

    private static byte[] Opacity(int transparent)
    {
        var alpha = new byte[transparent + 1];
        alpha.AsSpan(0, transparent).Fill(255);
        return alpha;
    }

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int width, int height)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize))
            for (int row = 0; row < height; row++)
            {
                zlib.WriteByte(0);              // filter of this row: none
                zlib.Write(pixels.Slice(row * width, width));
            }
        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(type, data));
        file.Write(number);
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            uint c = n;
            for (int bit = 0; bit < 8; bit++)
                c = (c & 1) != 0 ? 0xedb88320 ^ (c >> 1) : c >> 1;
            table[n] = c;
        }
        return table;
    }
}
