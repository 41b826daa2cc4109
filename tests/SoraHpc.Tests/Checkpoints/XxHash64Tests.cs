using System.Text;
using NUnit.Framework;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Tests.Checkpoints;

/// <summary>The hash against published values.</summary>
public sealed class XxHash64Tests
{
    [TestCase("", 0u, 0xef46db3751d8e999ul)]
    [TestCase("a", 0u, 0xd24ec4f1a98c6e5bul)]
    [TestCase("as", 0u, 0x1c330fb2d66be179ul)]
    [TestCase("asd", 0u, 0x631c37ce72a97393ul)]
    [TestCase("asdf", 0u, 0x415872f599cea71eul)]
    [TestCase("abc", 0u, 0x44bc2cf5ad770999ul)]
    [TestCase("xxhash", 0u, 0x32dd38952c4bc720ul)]
    [TestCase("xxhash", 20141025u, 0xb559b98d844e0635ul)]
    [TestCase("Call me Ishmael. Some years ago--never mind how long precisely-", 0u, 0x02a2e85470d6fd96ul)]
    public void Hash_is_the_published_one(string text, uint seed, ulong expected) =>
        Assert.That(XxHash64.Of(Encoding.ASCII.GetBytes(text), seed), Is.EqualTo(expected));
}
