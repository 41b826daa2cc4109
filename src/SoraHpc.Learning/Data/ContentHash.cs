using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SoraHpc.Learning.Data;

/// <summary>What something is, in 128 bits: the beginning of SHA-256 over all of it, so that what differs is told apart even where somebody tries.</summary>
internal sealed class ContentHash
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal ContentHash Add<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        hash.AppendData(MemoryMarshal.AsBytes([(long)values.Length]));      // else the ends of neighbours could be moved
        hash.AppendData(MemoryMarshal.AsBytes(values));
        return this;
    }

    internal ContentHash Add<T>(T value) where T : unmanaged => Add<T>([value]);

    internal ContentHash Add(string text) => Add<byte>(Encoding.UTF8.GetBytes(text));

    internal ContentHash Add(IEnumerable<string> texts)
    {
        foreach (string text in texts)
            Add(text);
        return Add("");
    }

    internal UInt128 Finish()
    {
        using (hash)
            return BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset());
    }
}
