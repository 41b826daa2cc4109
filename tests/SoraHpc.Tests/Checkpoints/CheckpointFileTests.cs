using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Contracts;
using SoraHpc.Tests.Storage;

namespace SoraHpc.Tests.Checkpoints;

/// <summary>What is on the disk, and what is refused.</summary>
public sealed class CheckpointFileTests
{
    private TemporaryDirectory temporary = null!;
    private string path = "";

    [SetUp]
    public void Make()
    {
        temporary = new TemporaryDirectory();
        path = temporary.File("checkpoints");
    }

    [TearDown]
    public void Remove() => temporary.Dispose();

    [Test]
    public void Other_programs_read_it_as_HDF5()
    {
        Write(step: 2);
        string file = Path.Combine(path, "checkpoint-00000001.h5");
        string dump = Independent.Run("/usr/bin/h5dump", "-d", "/random", "-a", "/step", "-a", "/job", file);
        Assert.That(dump, Does.Contain("-9223372036854775808, 42").And.Contain("(0): 2").And.Contain("contract"));
        string python = Independent.Python("import sys, h5py; f = h5py.File(sys.argv[1]); x = f['field']; print(x.shape, x.dtype, x[3, 20, 11], f['elements'].shape, f['elements'][1000, 2], f['nothing'].shape)", file);
        Assert.That(python.Trim(), Is.EqualTo("(5, 37, 29) float64 3020011.1 (1001, 3) 750.5 (0,)"));
    }

    [Test]
    public void Only_the_owner_may_read_it([Values] bool isEncrypted)
    {
        Write(step: 1, isEncrypted ? Keys.Make(temporary, "key", 1) : null);
        foreach (string file in Directory.GetFiles(path))
            if (!OperatingSystem.IsWindows())
                Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    [Test]
    public void Encrypted_numbers_are_not_in_the_file()
    {
        Write(step: 1, Keys.Make(temporary, "key", 1));
        byte[] file = File.ReadAllBytes(Path.Combine(path, "checkpoint-00000001.sealed"));
        byte[] row = [.. Enumerable.Range(0, 29).SelectMany(column => BitConverter.GetBytes(column + 0.1))];
        Assert.That(file.AsSpan().IndexOf(row.AsSpan(0, 16)), Is.EqualTo(-1));
        Assert.That(Failure(() => Write(step: 2)), Does.Contain("it is encrypted; give the key file"));
        Assert.That(File.ReadAllBytes(Path.Combine(path, "checkpoint-00000001.sealed")), Is.EqualTo(file));
    }

    [Test]
    public void Another_key_or_none_is_refused_in_one_line()
    {
        string key = Keys.Make(temporary, "key", 1);
        Write(step: 1, key);
        Assert.That(Failure(() => Read(keyFile: Keys.Make(temporary, "other", 2))), Does.Contain("the key is not the one it was written with"));
        Assert.That(Failure(() => Read()), Does.Contain("it is encrypted; give the key file"));
        Assert.That(Read(keyFile: key), Is.EqualTo(1));
    }

    [TestCase(UnixFileMode.UserRead | UnixFileMode.GroupRead, "chmod 600")]
    [TestCase(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, "chmod 600")]
    public void Key_file_open_to_others_is_refused(UnixFileMode mode, string expected) =>
        Assert.That(Failure(() => Read(keyFile: Keys.Make(temporary, "key", 1, mode))), Does.Contain(expected));

    [Test]
    public void Key_file_that_is_none_is_refused()
    {
        Assert.That(Failure(() => Read(keyFile: temporary.File("absent"))), Does.Contain("there is no such file"));
        string key = Keys.Make(temporary, "key", 1);
        File.WriteAllText(key, "secret");
        Assert.That(Failure(() => Read(keyFile: key)), Does.Contain("32 bytes or 64 hexadecimal digits"));
    }

    [Test]
    public void Another_job_or_other_options_are_refused_and_nothing_is_touched()
    {
        Write(step: 1);
        string[] before = Directory.GetFiles(path, "checkpoint-*");
        Assert.That(Failure(() => Read(job: "weather")), Does.Contain("it is of the job \"contract\", not of \"weather\""));
        Assert.That(Failure(() => Read(fingerprint: 7)), Does.Contain("other data or options"));
        Assert.That(Failure(() => OnRanks(2, null, (comm, directory) =>
        {
            using CheckpointWriter writer = directory.Begin(new("weather", 7, 1, 1));
            writer.AddShared<int>("x", [1]);
            writer.Start();
        })), Does.Contain("it is of the job \"contract\", not of \"weather\""));
        Assert.That(Directory.GetFiles(path, "checkpoint-*"), Is.EqualTo(before));
    }

    [Test]
    public void Second_run_on_a_directory_is_refused()
    {
        OnRanks(1, null, (comm, first) =>
        {
            CheckpointException refused = Assert.Throws<CheckpointException>(() => CheckpointDirectory.Open(comm, path).Dispose())!;
            Assert.That(refused.Message, Does.Contain($"another run is writing into it (process {Environment.ProcessId} on ").And.Not.Contain("\n"));
            CheckpointedState.Write(comm, first, step: 1, CheckpointedState.Slabs);
        });
        Assert.That(Read(), Is.EqualTo(1), "free again");
    }

    [Test]
    public void Run_whose_directory_was_taken_over_does_not_rename()
    {
        Write(step: 1);
        string failure = Failure(() => OnRanks(2, null, (comm, directory) =>
        {
            if (comm.IsRoot)
                using (Process writer = Process.Start("/bin/sh", ["-c", $"echo other > {path}/run"]))
                    writer.WaitForExit();
            comm.Barrier();
            CheckpointedState.Write(comm, directory, step: 2, CheckpointedState.Slabs);
        }));
        Assert.That(failure, Does.Contain("another run has begun to write into it"));
        Assert.That(Read(), Is.EqualTo(1));
    }

    [Test]
    public void Nothing_there_is_no_failure() => Assert.That(Read(), Is.Null);

    [Test]
    public void All_damaged_is_one_line()
    {
        Write(step: 1);
        File.WriteAllBytes(Path.Combine(path, "checkpoint-00000001.h5"), []);
        Assert.That(Failure(() => Read()), Does.Contain("no checkpoint in").And.Contain("it ends too early"));
    }

    [Test]
    public void New_checkpoint_removes_the_damaged_and_not_the_good()
    {
        for (int step = 1; step <= 3; step++)
            Write(step);
        File.WriteAllBytes(Path.Combine(path, "checkpoint-00000003.h5"), [1, 2, 3]);
        OnRanks(2, null, (comm, directory) =>
        {
            directory.OpenNewest(CheckpointedState.Job, CheckpointedState.Fingerprint)!.Dispose();
            CheckpointedState.Write(comm, directory, step: 4, CheckpointedState.Slabs);
        });
        Assert.That(Directory.GetFiles(path, "checkpoint-*").Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "checkpoint-00000002.h5", "checkpoint-00000004.h5" }));
    }

    [TestCase(0, 60, 50, "element 50 is given twice")]
    [TestCase(0, 40, 50, "no rank has the elements from 40 to 49")]
    [TestCase(10, 40, 50, "no rank has the elements from 0 to 9")]
    public void Every_element_is_given_once(int begin, int end, int second, string expected) =>
        Assert.That(Failure(() => OnRanks(2, null, (comm, directory) =>
        {
            ElementRange own = comm.Rank == 0 ? new(begin, end - begin) : new(second, 100 - second);
            using CheckpointWriter writer = directory.Begin(new("job", 1, 1, 1));
            writer.AddElements<double>("x", 100, [own], new double[own.Count]);
            writer.Start();
        })), Does.Contain(expected));

    [Test]
    public void Ranks_that_add_different_arrays_are_told() =>
        Assert.That(Failure(() => OnRanks(2, null, (comm, directory) =>
        {
            using CheckpointWriter writer = directory.Begin(new("job", 1, 1, 1));
            writer.AddShared<int>(comm.IsRoot ? "x" : "y", [1]);
            writer.Start();
        })), Does.Contain("rank 1 puts other arrays into the checkpoint (y"));

    [Test]
    public void Wrong_type_or_shape_is_refused()
    {
        Write(step: 1);
        OnRanks(2, null, (comm, directory) =>
        {
            using CheckpointReader reader = directory.OpenNewest(CheckpointedState.Job, CheckpointedState.Fingerprint)!;
            Assert.That(() => reader.ReadShared<int>("random"), Throws.TypeOf<CheckpointException>().With.Message.Contains("random (3) of Int64 of 8 B, asked for are Int32"));
            Assert.That(() => reader.ReadShared<int>("randon"), Throws.TypeOf<CheckpointException>().With.Message.Contains("there are: field, elements, random, tasks, nothing"));
            Assert.That(() => reader.ReadElements("elements", 1001, [], Memory<float>.Empty), Throws.TypeOf<CheckpointException>().With.Message.Contains("asked for is the shape (1001)"));
        });
    }

    [Test]
    public void Full_disk_is_one_line_and_the_older_checkpoint_is_read()
    {
        using SmallDisk disk = SmallDisk.Mount(temporary.File("disk"), megabytes: 2);
        path = Path.Combine(disk.Path, "checkpoints");
        Write(step: 1);
        string failure = Failure(() => OnRanks(2, null, (comm, directory) =>
        {
            using CheckpointWriter writer = directory.Begin(new(CheckpointedState.Job, CheckpointedState.Fingerprint, 2, 1));
            writer.AddElements<double>("x", 1_000_000, [new(500_000 * comm.Rank, 500_000)], new double[500_000]);
            writer.Start();
            writer.Complete();
        }));
        Assert.That(failure, Does.Match(@"^checkpoint .*checkpoint-00000002\.h5.*: the disk is full: \d+\.\d MB needed, [\d.]+ MB free; earlier checkpoints are untouched$"));
        Assert.That(Directory.GetFiles(path, "checkpoint-*").Select(Path.GetFileName), Is.EqualTo(new[] { "checkpoint-00000001.h5" }));
        Assert.That(Read(), Is.EqualTo(1));
    }

    private void Write(long step, string? keyFile = null) =>
        OnRanks(2, keyFile, (comm, directory) => CheckpointedState.Write(comm, directory, step, CheckpointedState.Columns));

    private long? Read(string? keyFile = null, string job = CheckpointedState.Job, ulong fingerprint = CheckpointedState.Fingerprint)
    {
        long? step = null;
        OnRanks(2, keyFile, (comm, directory) =>
        {
            using CheckpointReader? reader = directory.OpenNewest(job, fingerprint);
            if (comm.IsRoot)
                step = reader?.Header.Step;
        });
        return step;
    }

    private void OnRanks(int ranks, string? keyFile, Action<Communicator, CheckpointDirectory> body) => ThreadWorld.Run(ranks, comm =>
    {
        using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path, keyFile: keyFile);
        body(comm, directory);
    });

    /// <summary>The one line in which a run ends.</summary>
    private static string Failure(Action run)
    {
        SoraException failure = Assert.Catch<SoraException>(() => run())!;
        Assert.That(failure.Message, Does.Not.Contain("\n"));
        return failure.Message;
    }
}
