using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Jobs.Uts;

namespace SoraHpc.Tests.Uts;

public sealed unsafe class Sha1Tests
{
    [Test]
    public void Scalar_hash_is_that_of_the_operating_system([Values(0, 1, 5, 6, 13)] int words)
    {
        var random = new Random(words);
        for (int i = 0; i < 200; i++)
        {
            uint[] message = [.. Enumerable.Range(0, words).Select(_ => (uint)random.NextInt64())];
            byte[] bytes = [.. message.SelectMany(Bytes)];

            uint[] digest = new uint[5];
            Sha1.Hash(message, digest);

            Assert.That(digest.SelectMany(Bytes), Is.EqualTo(SHA1.HashData(bytes)));
        }
    }

    [Test]
    public void Hashes_side_by_side_are_the_scalar_ones([Values(1, 4, 8, 16)] int lanes)
    {
        const int Stride = 48, Pad = 64;
        using var memory = new AlignedBuffer<uint>(Pad + 12 * Stride + 160 * 16);
        var random = new Random(lanes);
        uint* messages = memory.Address, digests = messages + 6 * Stride, schedule = digests + 5 * Stride;
        for (int round = 0; round < 50; round++)
        {
            for (int i = 0; i < 6 * Stride; i++)
                messages[i] = (uint)random.NextInt64();

            Hash(lanes, messages, digests, Stride, schedule);

            for (int lane = 0; lane < 2 * lanes; lane++)
            {
                uint[] expected = new uint[5];
                Sha1.Hash([.. Enumerable.Range(0, 6).Select(word => messages[word * Stride + lane])], expected);
                Assert.That(Enumerable.Range(0, 5).Select(word => digests[word * Stride + lane]), Is.EqualTo(expected), $"lane {lane}");
            }
        }
    }

    private static void Hash(int lanes, uint* messages, uint* digests, int stride, uint* schedule)
    {
        switch (lanes)
        {
            case 1: Hash<uint, Lanes1>(messages, digests, stride, schedule); break;
            case 4: Hash<Vector128<uint>, Lanes4>(messages, digests, stride, schedule); break;
            case 8: Hash<Vector256<uint>, Lanes8>(messages, digests, stride, schedule); break;
            default: Hash<Vector512<uint>, Lanes16>(messages, digests, stride, schedule); break;
        }
    }

    private static void Hash<TVector, TLanes>(uint* messages, uint* digests, int stride, uint* schedule)
        where TVector : unmanaged where TLanes : struct, ILanes<TVector>
    {
        Sha1Lanes<TVector, TLanes>.Prepare(schedule);
        Sha1Lanes<TVector, TLanes>.Hash(messages, digests, stride, stride, schedule);
        Sha1Lanes<TVector, TLanes>.Hash(messages, digests, stride, stride, schedule);      // the scratch serves again
    }

    private static byte[] Bytes(uint word)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
        return bytes;
    }
}
