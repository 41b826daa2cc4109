using System.Numerics;
using System.Text;
using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>The first bytes of a checkpoint file, which HDF5 steps over (its "user block"): all that is needed to check and read the
/// rest without trusting it. Little-endian; written last.</summary>
internal sealed record Preamble
{
    /// <summary>Bytes that say how long the preamble is; every file has them.</summary>
    internal const int FixedBytes = 16, SmallestBytes = 4096, LargestBytes = 1 << 30;

    /// <summary>At the end: the tag, and a checksum of all with the tag, by which damage is told from a wrong key.</summary>
    private const int ChecksumBytes = sizeof(ulong), FooterBytes = SectionSeal.TagBytes + ChecksumBytes;
    private const int Version = 1, VersionAt = 8, LengthAt = 12, MostDimensions = 32;

    /// <summary>Not a section's number.</summary>
    private const ulong SignatureNumber = ulong.MaxValue;

    // A byte above 127 and both kinds of line end: a transfer as text is noticed at once.
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'S', (byte)'C', (byte)'K', (byte)'P', (byte)'\r', (byte)'\n', 0x1a];

    internal required CheckpointHeader Header { get; init; }

    /// <summary>Which checkpoint of its directory.</summary>
    internal required long Generation { get; init; }

    /// <summary>Length of the whole file.</summary>
    internal long FileBytes { get; init; }

    internal bool IsEncrypted { get; init; }

    /// <summary>Random bytes of this file.</summary>
    internal byte[] Salt { get; init; } = new byte[SectionSeal.SaltBytes];

    internal IReadOnlyList<CheckpointArray> Arrays { get; init; } = [];

    /// <summary>Of all bytes that are neither the preamble's nor a section's: HDF5's own.</summary>
    internal ulong StructureHash { get; init; }

    /// <summary>One after the other, of all sections.</summary>
    internal byte[] Tags { get; init; } = [];

    /// <summary>How long it will be: a power of two, as HDF5 asks for.</summary>
    internal int Length => Math.Max(SmallestBytes, checked((int)BitOperations.RoundUpToPowerOf2((uint)(Describe().Length + FixedBytes + FooterBytes))));

    internal byte[] ToBytes(SectionSeal seal)
    {
        byte[] body = Describe(), all = new byte[Length];
        using BinaryWriter writer = new(new MemoryStream(all));
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(all.Length);
        writer.Write(body);
        seal.Sign(all.AsSpan(..^FooterBytes), SignatureNumber, all.AsSpan(^FooterBytes..^ChecksumBytes));
        BitConverter.TryWriteBytes(all.AsSpan(^ChecksumBytes..), XxHash64.Of(all.AsSpan(..^ChecksumBytes)));
        return all;
    }

    /// <summary>How many bytes the preamble takes that starts so.</summary>
    /// <exception cref="DamagedException">It is not the beginning of a checkpoint.</exception>
    internal static int LengthFrom(ReadOnlySpan<byte> start)
    {
        if (start.Length < FixedBytes || !start.StartsWith(Magic))
            throw new DamagedException("it is not a checkpoint, or its beginning is damaged");
        int length = BitConverter.ToInt32(start[LengthAt..]);
        return length is >= SmallestBytes and <= LargestBytes && BitOperations.IsPow2(length) ? length
            : throw new DamagedException("its beginning is damaged");
    }

    /// <summary>Checks the preamble's checksum and tag and takes it apart.</summary>
    /// <param name="all">As many bytes as <see cref="LengthFrom"/> says.</param>
    /// <param name="key">The user's, or null.</param>
    /// <exception cref="DamagedException">It is not as it was written.</exception>
    /// <exception cref="CheckpointException">It is whole, but of another version or for another key.</exception>
    internal static Preamble From(ReadOnlySpan<byte> all, byte[]? key)
    {
        if (!IsWhole(all))
            throw new DamagedException("its beginning is damaged");
        // Every version has its length, its number and its checksum in these places.
        if (BitConverter.ToInt32(all[VersionAt..]) is var version && version != Version)
            throw new CheckpointException($"it has version {version} of the format, this program reads {Version}");
        bool isEncrypted = all[FixedBytes] != 0;
        if (isEncrypted && key is null)
            throw new CheckpointException("it is encrypted; give the key file it was written with");
        if (!isEncrypted && key is not null)
            throw new CheckpointException("it is not encrypted but a key file was given; leave the key file out to read it");
        using SectionSeal seal = new(key, all.Slice(FixedBytes + 1, SectionSeal.SaltBytes).ToArray());
        Span<byte> tag = stackalloc byte[SectionSeal.TagBytes];
        seal.Sign(all[..^FooterBytes], SignatureNumber, tag);
        if (!tag.SequenceEqual(all[^FooterBytes..^ChecksumBytes]))
            throw isEncrypted ? new CheckpointException("the key is not the one it was written with") : new DamagedException("its beginning is damaged");
        try
        {
            return FromDescription(all[FixedBytes..^FooterBytes].ToArray());
        }
        catch (Exception failure) when (failure is EndOfStreamException or IOException or ArgumentException or FormatException or OverflowException)
        {
            throw new DamagedException("its beginning is damaged");
        }
    }

    /// <summary>What a preamble whose checksum is right is of; no key is needed. Says nothing about the rest of the file.</summary>
    /// <exception cref="DamagedException">It is not as it was written.</exception>
    internal static CheckpointHeader HeaderOf(byte[] all) => IsWhole(all)
        ? FromDescription(all[FixedBytes..^FooterBytes]).Header : throw new DamagedException("its beginning is damaged");

    /// <summary>Takes apart what <see cref="Describe"/> made; it is as it was.</summary>
    private static Preamble FromDescription(byte[] description)
    {
        using BinaryReader reader = new(new MemoryStream(description));
        return Read(reader);
    }

    /// <summary>The root's, on every rank. Collective.</summary>
    /// <param name="own">The root's; elsewhere not looked at.</param>
    internal static Preamble OfRoot(Preamble? own, Communicator communicator)
    {
        byte[] described = communicator.IsRoot ? own!.Describe() : [];
        int length = communicator.Broadcast(described.Length);
        if (!communicator.IsRoot)
            described = new byte[length];
        communicator.Broadcast<byte>(described);
        return communicator.IsRoot ? own! : FromDescription(described);
    }

    /// <summary>All of it, without checksum and tag.</summary>
    internal byte[] Describe()
    {
        MemoryStream body = new();
        using BinaryWriter writer = new(body);
        writer.Write(IsEncrypted);
        writer.Write(Salt);
        writer.Write(Generation);
        writer.Write(FileBytes);
        writer.Write(Header.Job);
        writer.Write(Header.Fingerprint);
        writer.Write(Header.Step);
        writer.Write(Header.Time);
        writer.Write(StructureHash);
        writer.Write(Arrays.Count);
        foreach (CheckpointArray array in Arrays)
            Write(writer, array);
        long sections = Arrays.Sum(array => array.Sections);
        writer.Write(Tags.Length > 0 ? Tags : new byte[checked((int)(sections * SectionSeal.TagBytes))]);
        writer.Flush();
        return body.ToArray();
    }

    internal static void Write(BinaryWriter writer, CheckpointArray array)
    {
        writer.Write(array.Name);
        writer.Write((byte)array.Kind);
        writer.Write(array.ElementBytes);
        writer.Write(array.Shape.Length);
        foreach (long length in array.Shape)
            writer.Write(length);
        writer.Write(array.Offset);
    }

    private static Preamble Read(BinaryReader reader)
    {
        bool isEncrypted = reader.ReadBoolean();
        byte[] salt = reader.ReadBytes(SectionSeal.SaltBytes);
        long generation = reader.ReadInt64(), fileBytes = reader.ReadInt64();
        CheckpointHeader header = new(reader.ReadString(), reader.ReadUInt64(), reader.ReadInt64(), reader.ReadDouble());
        ulong structure = reader.ReadUInt64();
        CheckpointArray[] arrays = new CheckpointArray[Within(reader.ReadInt32(), (int)reader.BaseStream.Length)];
        for (int i = 0; i < arrays.Length; i++)
            arrays[i] = ReadArray(reader);
        byte[] tags = reader.ReadBytes(Within(checked((int)(arrays.Sum(array => array.Sections) * SectionSeal.TagBytes)), (int)reader.BaseStream.Length));
        return new Preamble
        {
            Header = header, Generation = generation, FileBytes = fileBytes, IsEncrypted = isEncrypted, Salt = salt,
            Arrays = arrays, StructureHash = structure, Tags = tags,
        };
    }

    internal static CheckpointArray ReadArray(BinaryReader reader)
    {
        string name = reader.ReadString();
        ElementKind kind = (ElementKind)reader.ReadByte();
        int bytes = Math.Max(1, reader.ReadInt32());
        long[] shape = new long[Within(reader.ReadInt32(), MostDimensions)];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = reader.ReadInt64();
        return new(name, kind, bytes, shape, reader.ReadInt64());
    }

    private static bool IsWhole(ReadOnlySpan<byte> all) => XxHash64.Of(all[..^ChecksumBytes]) == BitConverter.ToUInt64(all[^ChecksumBytes..]);

    private static int Within(int count, int most) => count >= 0 && count <= most ? count : throw new FormatException();
}
