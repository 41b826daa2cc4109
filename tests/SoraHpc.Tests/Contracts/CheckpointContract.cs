using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Tests.Contracts;

/// <summary>What a checkpoint must be to ranks that write and read it together, for ranks that are threads and ranks that are MPI processes.</summary>
public abstract partial class CheckpointContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    protected sealed class SizesAttribute() : ValuesAttribute(1, 2, 3);

    [Test]
    public void What_is_written_in_one_cut_is_read_in_another([Sizes] int size) => WithDirectory(size, (comm, path) =>
    {
        using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path);
        CheckpointedState.Write(comm, directory, step: 7, CheckpointedState.Slabs);
        using CheckpointReader reader = directory.OpenNewest(CheckpointedState.Job, CheckpointedState.Fingerprint)!;
        Assert.That(reader.Header, Is.EqualTo(new CheckpointHeader(CheckpointedState.Job, CheckpointedState.Fingerprint, 7, 3.5)));
        CheckpointedState.CheckRead(comm, reader, CheckpointedState.Columns);
        CheckpointedState.CheckRead(comm, reader, CheckpointedState.Slabs);
    });

    [Test]
    public void The_job_may_change_its_numbers_once_the_checkpoint_is_started([Sizes] int size) => WithDirectory(size, (comm, path) =>
    {
        using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path);
        double[] values = [.. Enumerable.Range(0, 100_000).Select(i => comm.Rank + i * 0.5)];
        long count = 100_000L * comm.Size;
        ElementRange[] own = [new(100_000L * comm.Rank, 100_000)];
        using (CheckpointWriter writer = directory.Begin(new("job", 1, 1, 0)))
        {
            writer.AddElements<double>("values", count, own, values);
            writer.Start();
            Array.Clear(values);
            writer.Complete();
        }
        using CheckpointReader reader = directory.OpenNewest("job", 1)!;
        reader.ReadElements("values", count, own, values.AsMemory());
        Assert.That(values, Is.EqualTo(Enumerable.Range(0, 100_000).Select(i => comm.Rank + i * 0.5)));
    });

    [Test]
    public void Only_the_newest_generations_are_kept([Sizes] int size, [Values(1, 2, 3)] int keep) => WithDirectory(size, (comm, path) =>
    {
        using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path, keep);
        for (int step = 1; step <= 5; step++)
            CheckpointedState.Write(comm, directory, step, CheckpointedState.Columns);
        string[] files = [.. Directory.GetFiles(path, "checkpoint-*.h5").Select(file => Path.GetFileName(file)!).Order()];
        Assert.That(files, Is.EqualTo(Enumerable.Range(6 - keep, keep).Select(number => $"checkpoint-{number:00000000}.h5")));
        using CheckpointReader reader = directory.OpenNewest(CheckpointedState.Job, CheckpointedState.Fingerprint)!;
        Assert.That(reader.Header.Step, Is.EqualTo(5));
        comm.Barrier();
    });

    private void WithDirectory(int size, Action<Communicator, string> body) => OnEveryRank(size, comm =>
    {
        using SharedFolder folder = new(comm);
        body(comm, folder.Path);
    });
}
