using NUnit.Framework;
using SoraHpc.Solvers.Dense;

namespace SoraHpc.Tests.Dense;

public sealed class BlockCycleTests
{
    [Test]
    public void Indices_are_dealt_as_counting_them_out_says([Range(1, 23)] int length, [Values(1, 2, 5, 30)] int block, [Values(1, 2, 3, 5)] int parts)
    {
        List<int>[] dealt = [.. Enumerable.Range(0, parts).Select(_ => new List<int>())];
        for (int index = 0; index < length; index++)
            dealt[index / block % parts].Add(index);
        for (int part = 0; part < parts; part++)
        {
            BlockCycle cycle = new(length, block, parts, part);
            Assert.That(cycle.LocalLength, Is.EqualTo(dealt[part].Count));
            Assert.That(Enumerable.Range(0, cycle.LocalLength).Select(cycle.ToGlobal), Is.EqualTo(dealt[part]));
            foreach (int index in dealt[part])
                Assert.That((cycle.OwnerOf(index), cycle.ToLocal(index)), Is.EqualTo((part, dealt[part].IndexOf(index))));
            for (int index = 0; index <= length; index++)
                Assert.That(cycle.Before(index), Is.EqualTo(dealt[part].Count(each => each < index)), $"before {index}");
        }
    }
}
