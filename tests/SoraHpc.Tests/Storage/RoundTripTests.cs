using System.Numerics;
using NUnit.Framework;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Storage;

/// <summary>What is written comes back: every number type in every layout.</summary>
public sealed class RoundTripTests
{
    public static readonly DatasetLayout[] Layouts =
    [
        new(),
        new() { EveryElementIsWritten = true },
        new() { ChunkShape = [4, 3] },
        new() { ChunkShape = [5, 7], Deflate = 1 },
        new() { ChunkShape = [2, 2], Deflate = 9, Shuffle = true, Fletcher32 = true },
    ];

    [Test] public void Int8_comes_back_in_every_layout() => ComesBack(i => (sbyte)(i * 5 - 100));
    [Test] public void UInt8_comes_back_in_every_layout() => ComesBack(i => (byte)(i * 5));
    [Test] public void Int16_comes_back_in_every_layout() => ComesBack(i => (short)(i * 1009 - 20000));
    [Test] public void UInt16_comes_back_in_every_layout() => ComesBack(i => (ushort)(i * 1009));
    [Test] public void Int32_comes_back_in_every_layout() => ComesBack(i => i * 100_000_007);
    [Test] public void UInt32_comes_back_in_every_layout() => ComesBack(i => uint.MaxValue - (uint)i);
    [Test] public void Int64_comes_back_in_every_layout() => ComesBack(i => long.MinValue + i);
    [Test] public void UInt64_comes_back_in_every_layout() => ComesBack(i => ulong.MaxValue - (ulong)i);
    [Test] public void Single_comes_back_in_every_layout() => ComesBack(i => MathF.Exp(i - 10));
    [Test] public void Double_comes_back_in_every_layout() => ComesBack(i => i == 3 ? double.NaN : Math.Exp(i * 20 - 300));
    [Test] public void Boolean_comes_back_in_every_layout() => ComesBack(i => i % 3 == 0);
    [Test] public void Complex_comes_back_in_every_layout() => ComesBack(i => new Complex(i, -i / 3.0));
    [Test] public void Struct_comes_back_in_every_layout() => ComesBack(i => new Observation(i, i / 7.0, (short)-i));

    /// <summary>Padding between the members, as C would have it.</summary>
    public record struct Observation(int Station, double Height, short Quality);

    private static void ComesBack<T>(Func<int, T> value) where T : unmanaged
    {
        using TemporaryDirectory directory = new();
        T[] written = [.. Enumerable.Range(0, 35).Select(value)];
        foreach (DatasetLayout layout in Layouts)
        {
            string path = directory.File("round.h5");
            using (Hdf5File file = Hdf5File.Create(path))
            {
                Hdf5Dataset dataset = file.CreateDataset<T>("deep/er/x", [5, 7], layout);
                dataset.Write(dataset.Whole, written.AsSpan());
                file.Commit();
            }
            using Hdf5File back = Hdf5File.Open(path);
            Hdf5Dataset read = back.Dataset("deep/er/x");
            Assert.That(read.Read<T>(), Is.EqualTo(written));
            Assert.That(read.Shape, Is.EqualTo(new long[] { 5, 7 }));
            Assert.That(read.ChunkShape, Is.EqualTo(layout.ChunkShape));
        }
    }

    [Test]
    public void Filters_are_named_in_their_order()
    {
        using TemporaryDirectory directory = new();
        using Hdf5File file = Hdf5File.Create(directory.File("a.h5"));
        Hdf5Dataset dataset = file.CreateDataset<double>("x", [4], new DatasetLayout { ChunkShape = [2], Deflate = 1, Shuffle = true, Fletcher32 = true });
        Assert.That(dataset.Filters, Is.EqualTo(new[] { "shuffle", "deflate", "fletcher32" }));
    }

    [Test]
    public void Slab_of_every_place_and_size_is_the_same_part_of_the_array()
    {
        using TemporaryDirectory directory = new();
        using Hdf5File file = Hdf5File.Create(directory.File("a.h5"));
        int[] all = [.. Enumerable.Range(0, 60)];
        Hdf5Dataset dataset = file.CreateDataset<int>("x", [3, 4, 5], new DatasetLayout { ChunkShape = [2, 3, 2] });
        dataset.Write(dataset.Whole, all.AsSpan());
        for (int a = 0; a <= 3; a++)
            for (int b = 0; b <= 4; b++)
                for (int c = 0; c <= 5; c++)
                {
                    int[] part = new int[(3 - a) * (4 - b) * (5 - c)];
                    dataset.Read(new Hyperslab([a, b, c], [3 - a, 4 - b, 5 - c]), part.AsSpan());
                    int[] expected = [.. all.Where(i => i / 20 >= a && i / 5 % 4 >= b && i % 5 >= c)];
                    Assert.That(part, Is.EqualTo(expected));
                }
    }

    [Test]
    public void Unwritten_elements_are_the_fill_value()
    {
        using TemporaryDirectory directory = new();
        using Hdf5File file = Hdf5File.Create(directory.File("a.h5"));
        Hdf5Dataset dataset = file.CreateDataset<double>("x", [3, 3], new DatasetLayout { ChunkShape = [2, 2] }, fill: -1.5);
        dataset.Write(new Hyperslab([1, 1], [1, 1]), [4.0]);
        Assert.That(dataset.Read<double>(), Is.EqualTo(new[] { -1.5, -1.5, -1.5, -1.5, 4.0, -1.5, -1.5, -1.5, -1.5 }));
    }

    [Test]
    public void Extended_dataset_keeps_what_it_had_and_takes_more()
    {
        using TemporaryDirectory directory = new();
        using Hdf5File file = Hdf5File.Create(directory.File("a.h5"));
        DatasetLayout growing = new() { ChunkShape = [1, 3], MaximumShape = [DatasetLayout.Unlimited, 3] };
        Hdf5Dataset dataset = file.CreateDataset<int>("x", [0, 3], growing);
        for (int time = 0; time < 4; time++)
        {
            dataset.Extend([time + 1, 3]);
            dataset.Write(new Hyperslab([time, 0], [1, 3]), new[] { time, time * 10, time * 100 }.AsSpan());
        }
        Assert.That(dataset.Shape, Is.EqualTo(new long[] { 4, 3 }));
        Assert.That(dataset.Read<int>(), Is.EqualTo(new[] { 0, 0, 0, 1, 10, 100, 2, 20, 200, 3, 30, 300 }));
    }

    [Test]
    public void Scalar_dataset_comes_back()
    {
        using TemporaryDirectory directory = new();
        using Hdf5File file = Hdf5File.Create(directory.File("a.h5"));
        Hdf5Dataset dataset = file.CreateDataset<double>("g", []);
        dataset.Write(dataset.Whole, [9.80665]);
        Assert.That(dataset.Read<double>(), Is.EqualTo(new[] { 9.80665 }));
    }

    [Test]
    public void Numbers_are_converted_on_the_way_in_and_out()
    {
        using TemporaryDirectory directory = new();
        using Hdf5File file = Hdf5File.Create(directory.File("a.h5"));
        Hdf5Dataset dataset = file.CreateDataset<float>("x", [3]);
        dataset.Write(dataset.Whole, [1.5, -2.0, 1e300]);
        Assert.That(dataset.Read<double>(), Is.EqualTo(new[] { 1.5, -2.0, double.PositiveInfinity }));
        Assert.That(dataset.Read<short>(), Is.EqualTo(new short[] { 1, -2, short.MaxValue }));
    }

    [Test]
    public void Texts_of_fixed_and_variable_length_come_back([Values(null, 12)] int? length)
    {
        using TemporaryDirectory directory = new();
        string[] texts = ["", "a", "Grüße 空"];
        using (Hdf5File file = Hdf5File.Create(directory.File("a.h5")))
        {
            Hdf5Dataset dataset = file.CreateStringDataset("names", [3], length);
            dataset.WriteStrings(dataset.Whole, texts);
            file.Commit();
        }
        using Hdf5File back = Hdf5File.Open(directory.File("a.h5"));
        Assert.That(back.Dataset("names").ReadStrings(), Is.EqualTo(texts));
        Assert.That(back.Dataset("names").ReadStrings(new Hyperslab([1], [2])), Is.EqualTo(texts[1..]));
    }

    [Test]
    public void Attributes_of_every_kind_come_back()
    {
        using TemporaryDirectory directory = new();
        using (Hdf5File file = Hdf5File.Create(directory.File("a.h5")))
        {
            file.Attributes.WriteString("title", "Höhe");
            file.Attributes.WriteString("empty", "");
            file.Attributes.Write("count", 42L);
            file.Attributes.Write("count", 43L);                        // replaces
            file.CreateGroup("g").Attributes.Write("levels", [200.0, 500.0, 850.0]);
            file.CreateDataset<int>("g/x", [1]).Attributes.WriteStrings("names", ["u", "v wind"]);
            file.Commit();
        }
        using Hdf5File back = Hdf5File.Open(directory.File("a.h5"));
        Assert.Multiple(() =>
        {
            Assert.That(back.Attributes.ReadString("title"), Is.EqualTo("Höhe"));
            Assert.That(back.Attributes.ReadString("empty"), Is.Empty);
            Assert.That(back.Attributes.Read<int>("count"), Is.EqualTo(43));
            Assert.That(back.Group("g").Attributes.ReadArray<double>("levels"), Is.EqualTo(new[] { 200.0, 500.0, 850.0 }));
            Assert.That(back.Dataset("g/x").Attributes.ReadStrings("names"), Is.EqualTo(new[] { "u", "v wind" }));
            Assert.That(back.Attributes.TryRead("absent", out double _), Is.False);
            Assert.That(back.Attributes.TryReadString("absent"), Is.Null);
            Assert.That(back.Attributes.Names, Is.EqualTo(new[] { "count", "empty", "title" }));
        });
    }

    [Test]
    public void Repeated_transfer_of_one_slab_allocates_nothing()
    {
        using TemporaryDirectory directory = new();
        using Hdf5File file = Hdf5File.Create(directory.File("a.h5"));
        Hdf5Dataset dataset = file.CreateDataset<double>("x", [64, 64]);
        Hyperslab slab = new([8, 8], [16, 16]);
        double[] values = new double[256];
        long Transfer()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            dataset.Write(slab, values.AsSpan());
            dataset.Read(slab, values.AsSpan());
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        for (int i = 0; i < 100; i++)
            Transfer();
        Assert.That(Transfer(), Is.Zero);
    }
}
