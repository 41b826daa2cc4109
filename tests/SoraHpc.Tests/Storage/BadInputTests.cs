using NUnit.Framework;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Storage;

/// <summary>What is wrong ends in one line that says what, where, and what there is instead.</summary>
public sealed class BadInputTests
{
    private TemporaryDirectory directory = null!;

    [SetUp] public void MakeDirectory() => directory = new TemporaryDirectory();
    [TearDown] public void DeleteDirectory() => directory.Dispose();

    private string Good()
    {
        string path = directory.File("good.h5");
        using Hdf5File file = Hdf5File.Create(path);
        file.Attributes.WriteString("title", "a good file");
        file.CreateStringDataset("names", [1], 4);
        Hdf5Dataset x = file.CreateDataset<double>("group/x", [40, 50], new DatasetLayout { ChunkShape = [10, 25], Deflate = 1, Shuffle = true });
        x.Write(x.Whole, [.. Enumerable.Range(0, 2000).Select(i => Math.Sin(i))]);
        file.Commit();
        return path;
    }

    private static void Fails(TestDelegate act, params string[] words)
    {
        Hdf5Exception failure = Assert.Throws<Hdf5Exception>(act)!;
        Assert.That(failure.Message, Does.Not.Contain('\n'));
        foreach (string word in words)
            Assert.That(failure.Message, Does.Contain(word));
    }

    [Test]
    public void Missing_file_is_named() => Fails(() => Hdf5File.Open(directory.File("absent.h5")), "absent.h5", "no such file");

    [Test]
    public void Directory_is_not_a_file() => Fails(() => Hdf5File.Open(Path.GetTempPath()), "directory");

    [Test]
    public void Other_formats_are_told_apart()
    {
        File.WriteAllText(directory.File("a.txt"), "latitude,longitude\n");
        File.WriteAllBytes(directory.File("empty.h5"), []);
        File.WriteAllBytes(directory.File("old.nc"), [.. "CDF\u0001"u8, .. new byte[100]]);
        Fails(() => Hdf5File.Open(directory.File("a.txt")), "a.txt", "not an HDF5 file");
        Fails(() => Hdf5File.Open(directory.File("empty.h5")), "empty");
        Fails(() => Hdf5File.Open(directory.File("old.nc")), "NetCDF-3", "nccopy");
    }

    [Test]
    public void Truncated_file_is_refused_at_every_length()
    {
        byte[] whole = File.ReadAllBytes(Good());
        string path = directory.File("cut.h5");
        for (int length = 0; length < whole.Length; length += length < 4096 ? 61 : 509)
        {
            File.WriteAllBytes(path, whole[..length]);
            Fails(() => Hdf5File.Open(path), "cut.h5");
        }
        File.WriteAllBytes(path, whole[..^1]);
        Fails(() => Hdf5File.Open(path), "truncated file");
    }

    [Test]
    public void Damaged_chunk_is_an_error_that_names_the_dataset()
    {
        string path = Good();
        byte[] bytes = File.ReadAllBytes(path);
        int chunk = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x78, 0x01]);     // how a zlib stream of level 1 begins
        Assert.That(chunk, Is.Positive);
        bytes.AsSpan(chunk + 2, 64).Fill(0xFF);
        File.WriteAllBytes(path, bytes);
        using Hdf5File file = Hdf5File.Open(path);
        Fails(() => file.Dataset("group/x").Read<double>(), "good.h5", "dataset group/x", "inflate");
    }

    [Test]
    public void Missing_dataset_is_answered_with_those_that_are_there()
    {
        using Hdf5File file = Hdf5File.Open(Good());
        Fails(() => file.Dataset("y"), "good.h5", "dataset y", "group/x", "names");
        Fails(() => file.Dataset("group"), "dataset group");
        Fails(() => file.Group("grop"), "group grop", "there are: group");
    }

    [Test]
    public void Missing_attribute_is_answered_with_those_that_are_there()
    {
        using Hdf5File file = Hdf5File.Open(Good());
        Fails(() => file.Attributes.Read<int>("titel"), "attribute titel", "there are: title");
        Fails(() => file.Attributes.Read<int>("title"), "attribute title", "text");
        Fails(() => file.Dataset("group/x").Attributes.ReadString("units"), "attribute group/x/units", "none");
    }

    [Test]
    public void Wrong_rank_place_length_and_type_are_refused()
    {
        using Hdf5File file = Hdf5File.Open(Good());
        Hdf5Dataset x = file.Dataset("group/x");
        Fails(() => x.Read(new Hyperslab([0], [1]), new double[1].AsSpan()), "dataset group/x", "1 dimensions", "(40, 50)");
        Fails(() => x.Read(new Hyperslab([0, 49], [1, 2]), new double[2].AsSpan()), "[0…1, 49…51]", "(40, 50)");
        Fails(() => x.Read(new Hyperslab([long.MaxValue, 0], [1, 1]), new double[1].AsSpan()), "leaves the shape");
        Fails(() => x.Read(new Hyperslab([0, 0], [1, 2]), new double[3].AsSpan()), "2 elements, the memory 3");
        Fails(() => file.Dataset("names").Read<double>(), "dataset names", "text of 4 B", "ReadStrings");
        Fails(() => x.ReadStrings(), "float64");
        Fails(() => x.Write(x.Whole, new double[2000].AsSpan()), "reading only");
    }

    [Test]
    public void Layouts_that_cannot_be_are_refused()
    {
        using Hdf5File file = Hdf5File.Create(directory.File("a.h5"));
        Fails(() => file.CreateDataset<int>("x", [4], new DatasetLayout { Deflate = 1 }), "ChunkShape");
        Fails(() => file.CreateDataset<int>("x", [4], new DatasetLayout { ChunkShape = [2, 2] }), "(2, 2)", "(4)");
        Fails(() => file.CreateDataset<int>("x", [-1]), "negative");
        file.CreateDataset<int>("x", [4]);
        Fails(() => file.CreateDataset<int>("x", [4]), "dataset x", "taken");
        Fails(() => file.CreateDataset<int>("x/y", [4]), "dataset x/y");
    }

    [Test]
    public void Output_directory_must_exist_and_be_writable()
    {
        Fails(() => Hdf5File.Create(directory.File("absent/result.h5")), "result.h5", "does not exist");
        Fails(() => Hdf5File.Create("/proc/result.h5"), "/proc/result.h5", "cannot be written");
        Directory.CreateDirectory(directory.File("a"));
        Fails(() => Hdf5File.Create(directory.File("a")), "directory");
    }

    [Test]
    public void Older_file_survives_a_run_that_fails()
    {
        string path = Good();
        byte[] before = File.ReadAllBytes(path);
        Assert.Throws<InvalidOperationException>(() =>
        {
            using Hdf5File file = Hdf5File.Create(path);
            file.CreateDataset<double>("y", [10]);
            throw new InvalidOperationException("the model blew up");
        });
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
        Assert.That(directory.Files, Is.EqualTo(new[] { "good.h5" }), "the partial file is gone");
    }

    [Test]
    public void Committed_file_replaces_the_older_one_even_while_it_is_read()
    {
        string path = Good();
        using Hdf5File older = Hdf5File.Open(path);
        using (Hdf5File file = Hdf5File.Create(path))
        {
            file.CreateDataset<int>("y", [1]);
            file.Commit();
        }
        using Hdf5File newer = Hdf5File.Open(path);
        Assert.That(newer.DatasetNames, Is.EqualTo(new[] { "y" }));
        Assert.That(older.Dataset("group/x").Read<double>()[1], Is.EqualTo(Math.Sin(1)));
    }

    [Test]
    public void Use_after_the_end_is_refused()
    {
        Hdf5File file = Hdf5File.Open(Good());
        Hdf5Dataset x = file.Dataset("group/x");
        file.Dispose();
        Assert.That(() => x.Read<double>(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => file.Dataset("group/x"), Throws.TypeOf<ObjectDisposedException>());
    }
}
