using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Tests.Contracts;

// Checkpoints in the memories of the ranks.
public abstract partial class CheckpointContract
{
    [Test]
    public void Copies_in_memory_are_read_in_another_cut([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using CheckpointMemory memory = new();
        using CheckpointCopies copies = CheckpointCopies.Open(comm, memory);
        for (int step = 5; step <= 7; step++)
            CheckpointedState.Write(comm, copies, step, CheckpointedState.Slabs);
        using CheckpointReader reader = copies.OpenNewest(CheckpointedState.Job, CheckpointedState.Fingerprint)!;
        Assert.That(reader.Header, Is.EqualTo(new CheckpointHeader(CheckpointedState.Job, CheckpointedState.Fingerprint, 7, 3.5)));
        CheckpointedState.CheckRead(comm, reader, CheckpointedState.Columns);
        CheckpointedState.CheckRead(comm, reader, CheckpointedState.Slabs);
        Assert.That(copies.OpenNewest("another", CheckpointedState.Fingerprint), Is.Null);
        Assert.That(copies.Loss, Is.Null);
    });

    [Test]
    public void Copies_outlive_the_memory_of_any_one_rank([Values(2, 3)] int size) => OnEveryRank(size, comm =>
    {
        CheckpointMemory memory = new();
        for (int lost = 0; lost < comm.Size; lost++)
        {
            using (CheckpointCopies before = CheckpointCopies.Open(comm, memory))
                CheckpointedState.Write(comm, before, 10 + lost, lost % 2 == 0 ? CheckpointedState.Slabs : CheckpointedState.Columns);
            if (comm.Rank == lost)
            {
                memory.Dispose();
                memory = new();
            }
            using CheckpointCopies after = CheckpointCopies.Open(comm, memory);
            using CheckpointReader reader = after.OpenNewest(CheckpointedState.Job, CheckpointedState.Fingerprint)!;
            Assert.That(reader.Header.Step, Is.EqualTo(10 + lost));
            CheckpointedState.CheckRead(comm, reader, CheckpointedState.Columns);
        }
        memory.Dispose();
    });
}
