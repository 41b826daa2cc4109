using System.Buffers.Binary;
using System.IO.Compression;
using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Training;

/// <summary>Arrays of bytes in the file format of the MNIST digits, plain or packed by gzip.</summary>
/// <remarks>Source: Y. LeCun, C. Cortes and C. Burges, The MNIST Database: two zero bytes, the type (8: unsigned byte), the number of dimensions, their
/// lengths as 32-bit numbers with the highest byte first, then the values, last dimension fastest.</remarks>
public static class IdxFile
{
    private const byte UnsignedByte = 8;

    /// <summary>Reads it whole.</summary>
    /// <param name="path">The file, or one with <c>.gz</c> behind its name.</param>
    /// <param name="rank">Dimensions it must have.</param>
    /// <exception cref="SoraException">There is none, or it is not such a file; the line says why.</exception>
    public static (int[] Lengths, byte[] Values) Read(string path, int rank)
    {
        string found = File.Exists(path) ? path : path + ".gz";
        if (!File.Exists(found))
            throw new SoraException($"{path}: there is no such file, nor {Path.GetFileName(path)}.gz");
        try
        {
            using Stream file = File.OpenRead(found), stream = found.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Read(stream, found, rank);
        }
        catch (Exception reason) when (reason is EndOfStreamException or InvalidDataException)
        {
            throw new SoraException($"{found}: the file is cut off or damaged: {reason.Message}", reason);
        }
    }

    /// <summary>Writes it plain; a file of this name is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lengths">Of its dimensions, 1 to 255 of them.</param>
    /// <param name="values">All of them, last dimension fastest.</param>
    public static void Write(string path, ReadOnlySpan<int> lengths, ReadOnlySpan<byte> values)
    {
        using FileStream file = File.Create(path);
        Span<byte> number = [0, 0, UnsignedByte, (byte)lengths.Length];
        file.Write(number);
        foreach (int length in lengths)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, length);
            file.Write(number);
        }
        file.Write(values);
    }

    private static (int[] Lengths, byte[] Values) Read(Stream stream, string path, int rank)
    {
        byte[] head = new byte[4], number = new byte[4];
        stream.ReadExactly(head);
        if (head[0] != 0 || head[1] != 0 || head[2] != UnsignedByte || head[3] != rank)
            throw new SoraException($"{path}: begins with {Convert.ToHexString(head)}, and an array of bytes with {rank} dimension{(rank == 1 ? "" : "s")} begins with 0000080{rank}");
        int[] lengths = new int[rank];
        long elements = 1;
        for (int i = 0; i < rank; i++)
        {
            stream.ReadExactly(number);
            lengths[i] = BinaryPrimitives.ReadInt32BigEndian(number);
            if (lengths[i] < 1 || (elements *= lengths[i]) > Array.MaxLength)
                throw new SoraException($"{path}: dimension {i} has length {lengths[i]}");
        }
        byte[] values = new byte[elements];
        stream.ReadExactly(values);
        return (lengths, values);
    }
}
