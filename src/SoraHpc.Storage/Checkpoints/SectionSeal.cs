using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Closes a section with a tag and tells whether it still fits: a checksum, or with a key AES-256-GCM, which also encrypts.</summary>
/// <remarks>Every file has a key of its own, derived from the user's and 32 random bytes (HKDF-SHA256, RFC 5869); its nonces are the
/// sections' numbers. So no pair of key and nonce is used twice, over all files that one key ever protects (NIST SP 800-38D, section 8).
/// One thread at a time.</remarks>
internal sealed class SectionSeal : IDisposable
{
    internal const int TagBytes = 16, SaltBytes = 32;

    private readonly AesGcm? cipher;

    /// <param name="key">The user's; null: checksums only.</param>
    /// <param name="salt">The file's random bytes.</param>
    internal SectionSeal(byte[]? key, byte[] salt) =>
        cipher = key is null ? null : new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, salt, "SoraHpc checkpoint 1"u8.ToArray()), TagBytes);

    /// <summary>Makes the tag, and encrypts the section in place where there is a key.</summary>
    /// <param name="number">Different for every section of a file.</param>
    internal void Close(Span<byte> section, ulong number, Span<byte> tag)
    {
        if (cipher is null)
        {
            tag.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(tag, XxHash64.Of(section, number));
            return;
        }
        Span<byte> nonce = stackalloc byte[12];
        cipher.Encrypt(NonceOf(number, nonce), section, section, tag);
    }

    /// <summary>Decrypts the section in place where there is a key. False: it is not what was closed with this tag.</summary>
    internal bool TryOpen(Span<byte> section, ulong number, ReadOnlySpan<byte> tag)
    {
        Span<byte> scratch = stackalloc byte[TagBytes];
        if (cipher is null)
        {
            Close(section, number, scratch);
            return scratch.SequenceEqual(tag);
        }
        try
        {
            cipher.Decrypt(NonceOf(number, scratch[..12]), section, tag, section);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>The tag of text that is not encrypted: the preamble's.</summary>
    internal void Sign(ReadOnlySpan<byte> text, ulong number, Span<byte> tag)
    {
        tag.Clear();
        Span<byte> nonce = stackalloc byte[12];
        if (cipher is null)
            BinaryPrimitives.WriteUInt64LittleEndian(tag, XxHash64.Of(text, number));
        else
            cipher.Encrypt(NonceOf(number, nonce), [], [], tag, text);
    }

    public void Dispose() => cipher?.Dispose();

    private static Span<byte> NonceOf(ulong number, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, number);
        return nonce;
    }
}
