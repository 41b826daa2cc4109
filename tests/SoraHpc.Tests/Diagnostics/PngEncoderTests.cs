using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NUnit.Framework;
using SoraHpc.Diagnostics.Pictures;

namespace SoraHpc.Tests.Diagnostics;

public sealed class PngEncoderTests
{
    // The check value of CRC-32/ISO-HDLC, the polynomial of PNG and zip.
    [Test]
    public void Crc_of_the_check_string_is_the_published_value() =>
        Assert.That(PngEncoder.Crc("123456789"u8), Is.EqualTo(0xcbf43926));

    [Test]
    public void Encoded_image_read_back_by_the_format_is_the_same()
    {
        byte[] pixels = [0, 1, 2, 2, 1, 0];
        Rgb[] palette = [new(1, 2, 3), new(40, 50, 60), new(255, 0, 128)];

        byte[] png = PngEncoder.Encode(pixels, 3, 2, palette, transparent: 2);
        Dictionary<string, byte[]> chunks = Chunks(png);

        Assert.Multiple(() =>
        {
            Assert.That(png[..8], Is.EqualTo(new byte[] { 137, 80, 78, 71, 13, 10, 26, 10 }));
            Assert.That(chunks.Keys, Is.EqualTo(new[] { "IHDR", "PLTE", "tRNS", "IDAT", "IEND" }));
            Assert.That(chunks["IHDR"], Is.EqualTo(new byte[] { 0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0 }));
            Assert.That(chunks["PLTE"], Is.EqualTo(new byte[] { 1, 2, 3, 40, 50, 60, 255, 0, 128 }));
            Assert.That(chunks["tRNS"], Is.EqualTo(new byte[] { 255, 255, 0 }));
            Assert.That(Inflate(chunks["IDAT"]), Is.EqualTo(new byte[] { 0, 0, 1, 2, 0, 2, 1, 0 }));
        });
    }

    [Test]
    public void Pixels_that_do_not_fill_the_image_are_refused() =>
        Assert.That(() => PngEncoder.Encode([1, 2, 3], 2, 2, [default]), Throws.ArgumentException);

    private static Dictionary<string, byte[]> Chunks(byte[] png)
    {
        var chunks = new Dictionary<string, byte[]>();
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            uint crc = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length));
            Assert.That(PngEncoder.Crc(png.AsSpan(at + 4, 4 + length)), Is.EqualTo(crc));
            chunks.Add(Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]);
            at += 12 + length;
        }
        return chunks;
    }

    private static byte[] Inflate(byte[] data)
    {
        using var inflated = new MemoryStream();
        using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        zlib.CopyTo(inflated);
        return inflated.ToArray();
    }
}
