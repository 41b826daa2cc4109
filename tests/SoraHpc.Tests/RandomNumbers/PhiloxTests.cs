using NUnit.Framework;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.RandomNumbers;

public sealed class PhiloxTests
{
    // The known answers that the authors publish with their own implementation (Random123, kat_vectors, philox4x32 10 rounds).
    [TestCase(0u, 0u, 0u, 0u, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffffffffffUL, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0a4093822UL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Block_gives_the_published_words(uint c0, uint c1, uint c2, uint c3, ulong key, uint x0, uint x1, uint x2, uint x3) =>
        Assert.That(Philox.Block((c0, c1, c2, c3), key), Is.EqualTo((x0, x1, x2, x3)));

    [Test]
    public void Eight_blocks_at_once_are_the_eight_blocks([Values(0UL, 0xffffffffUL - 3, ulong.MaxValue - 9)] ulong first)
    {
        ulong stream = 0x0123456789abcdef, key = 0xfedcba9876543210;

        var (low, high) = Philox.Blocks(first, stream, key);

        for (int lane = 0; lane < 8; lane++)
        {
            ulong counter = first + (ulong)lane;
            var words = Philox.Block(((uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32)), key);
            Assert.That(low[lane], Is.EqualTo(words.X0 | (ulong)words.X1 << 32));
            Assert.That(high[lane], Is.EqualTo(words.X2 | (ulong)words.X3 << 32));
        }
    }
}
