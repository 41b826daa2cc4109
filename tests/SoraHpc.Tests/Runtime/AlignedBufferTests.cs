using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Runtime;

public sealed unsafe class AlignedBufferTests
{
    [TestCase(0, 64)]
    [TestCase(7, 64)]
    [TestCase(512, 4096)]
    [TestCase(1 << 18, 2 << 20)]
    [TestCase((1 << 20) + 3, 2 << 20)]
    public void Memory_begins_on_its_boundary_and_is_zero(int length, int boundary)
    {
        using AlignedBuffer<double> buffer = new(length);

        Assert.That((long)buffer.Address % boundary, Is.Zero);
        Assert.That(buffer.GetSpan().Length, Is.EqualTo(length));
        Assert.That(buffer.GetSpan().IndexOfAnyExcept(0.0), Is.EqualTo(-1));
    }

    [Test]
    public void Large_memory_lies_on_huge_pages_where_the_system_grants_them()
    {
        if (!File.Exists("/sys/kernel/mm/transparent_hugepage/enabled") || File.ReadAllText("/sys/kernel/mm/transparent_hugepage/enabled").Contains("[never]"))
            Assert.Ignore("this system has no transparent huge pages");
        using AlignedBuffer<byte> buffer = new(16 << 20);

        string[] map = File.ReadAllLines("/proc/self/smaps");
        int mapping = Array.FindIndex(map, line => Covers(line, (ulong)buffer.Address));

        Assert.That(mapping, Is.Not.Negative);
        Assert.That(map.Skip(mapping).First(line => line.StartsWith("VmFlags:")), Does.Contain(" hg"), "the mapping asks for them");
    }

    [Test]
    public void Large_memory_that_was_freed_comes_back_to_its_thread_zeroed()
    {
        const int length = (3 << 20) + 11;
        AlignedBuffer<byte> first = new(length);
        nint address = (nint)first.Address;
        first.GetSpan().Fill(7);
        ((IDisposable)first).Dispose();
        bool elsewhere = false;
        Thread other = new(() =>
        {
            using AlignedBuffer<byte> theirs = new(length);
            elsewhere = (nint)theirs.Address != address;
        });
        other.Start();
        other.Join();

        using AlignedBuffer<byte> second = new(length), third = new(length);

        Assert.That(elsewhere, Is.True);
        Assert.That((nint)second.Address, Is.EqualTo(address));
        Assert.That((nint)third.Address, Is.Not.EqualTo(address));
        Assert.That(second.GetSpan().IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    [Test]
    public void Buffer_disposed_twice_is_freed_once()
    {
        AlignedBuffer<byte> buffer = new(PagePool.Smallest);
        ((IDisposable)buffer).Dispose();
        ((IDisposable)buffer).Dispose();

        using AlignedBuffer<byte> first = new(PagePool.Smallest), second = new(PagePool.Smallest);

        Assert.That((nint)first.Address, Is.Not.EqualTo((nint)second.Address));
    }

    private static bool Covers(string line, ulong address)
    {
        string[] bounds = line.Split(' ', 2)[0].Split('-');
        return bounds.Length == 2 && ulong.TryParse(bounds[0], System.Globalization.NumberStyles.HexNumber, null, out ulong begin)
            && ulong.TryParse(bounds[1], System.Globalization.NumberStyles.HexNumber, null, out ulong end) && address >= begin && address < end;
    }
}
