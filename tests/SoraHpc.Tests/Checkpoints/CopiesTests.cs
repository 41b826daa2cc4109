using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Checkpoints;

/// <summary>Checkpoints in memory over worlds of other sizes: some ranks' memories go on into the next world, others are lost.</summary>
public sealed class CopiesTests
{
    [Test]
    public void What_some_ranks_saved_others_restore_without_any_one_of_them([Values(1, 2, 3, 4)] int writers, [Values(1, 2, 3, 4)] int readers, [Values] bool slabs)
    {
        foreach (int lost in writers == 1 ? [-1] : Enumerable.Range(0, writers))
        {
            CheckpointMemory[] memories = Save(writers, ranksPerNode: 0, step: 4, slabs ? CheckpointedState.Slabs : CheckpointedState.Columns);
            long? step = Restore(Next(memories, readers, lost), slabs ? CheckpointedState.Columns : CheckpointedState.Slabs, writers);
            // Fewer readers than survivors: the memory of more than one is lost.
            if (readers >= writers - (lost < 0 ? 0 : 1))
                Assert.That(step, Is.EqualTo(4), $"without rank {lost}");
        }
    }

    [Test]
    public void Two_ranks_that_are_no_buddies_may_be_lost_and_two_that_are_may_not([Values(0, 1, 2, 3)] int first, [Values(1, 2)] int distance)
    {
        CheckpointMemory[] memories = Save(4, ranksPerNode: 0, step: 9, CheckpointedState.Slabs);
        foreach (int lost in (int[])[first, (first + distance) % 4])
            memories[lost] = new();
        string? loss = null;
        long? step = Restore(memories, CheckpointedState.Columns, 4, found => loss = found);
        Assert.That(step, Is.EqualTo(distance == 2 ? 9 : null));
        Assert.That(loss, distance == 2 ? Is.Null : Is.EqualTo($"of the copies in memory after step 9 nobody has the part of rank {first} of 4 any more"));
    }

    [Test]
    public void All_ranks_of_any_node_may_be_lost([Values(2, 3)] int perNode, [Values(4, 6)] int ranks)
    {
        for (int node = 0; node * perNode < ranks; node++)
        {
            CheckpointMemory[] memories = Save(ranks, perNode, step: 2, CheckpointedState.Columns);
            for (int rank = node * perNode; rank < Math.Min(ranks, (node + 1) * perNode); rank++)
                memories[rank] = new();
            // Four ranks on nodes of three: one node has more than half, and not all of its copies can be elsewhere.
            bool canBe = 2 * perNode <= ranks || node > 0;
            Assert.That(Restore(memories, CheckpointedState.Slabs, ranks), Is.EqualTo(canBe ? 2 : null), $"node {node}");
        }
    }

    [Test]
    public void Damaged_parts_are_taken_from_the_copy_and_then_from_the_generation_before()
    {
        CheckpointMemory[] memories = Save(3, ranksPerNode: 0, step: 4, CheckpointedState.Slabs, CheckpointedState.Slabs);
        Damage(memories[1].Own(memories[1].Newest));
        Assert.That(Restore(memories, CheckpointedState.Columns, 3), Is.EqualTo(5));

        memories = Save(3, ranksPerNode: 0, step: 4, CheckpointedState.Slabs, CheckpointedState.Slabs);
        Damage(memories[1].Own(memories[1].Newest));
        Damage(memories[2].Copy(memories[2].Newest));
        string? loss = null;
        Assert.That(Restore(memories, CheckpointedState.Columns, 3, found => loss = found), Is.EqualTo(4));
        Assert.That(loss, Is.EqualTo("of the copies in memory after step 5 nobody has the part of rank 1 of 3 any more"));
    }

    [Test]
    public void Saving_again_takes_no_new_memory()
    {
        const int cells = 1 << 18;
        ThreadWorld.Run(2, comm =>
        {
            using CheckpointMemory memory = new();
            using CheckpointCopies copies = CheckpointCopies.Open(comm, memory);
            double[] values = new double[cells];
            ElementRange[] own = [new((long)cells * comm.Rank, cells)];
            int round = 0;
            long least = Allocations.Least(() =>
            {
                using CheckpointWriter writer = copies.Begin(new("job", 1, round, round));
                writer.AddElements<double>("values", 2L * cells, own, values);
                writer.Start();
                writer.Complete();
                round++;
            }, steps: 4);
            Assert.That(least / 4, Is.LessThan(4096), "bookkeeping of a few arrays, whatever their length");
        });
    }

    // One checkpoint after each step from the first on.
    private static CheckpointMemory[] Save(int ranks, int ranksPerNode, long step, params CheckpointedState.Cut[] cuts)
    {
        CheckpointMemory[] memories = [.. Enumerable.Range(0, ranks).Select(_ => new CheckpointMemory())];
        ThreadWorld.Run(ranks, comm =>
        {
            using CheckpointCopies copies = CheckpointCopies.Open(comm, memories[comm.Rank], ranksPerNode);
            for (int i = 0; i < cuts.Length; i++)
                CheckpointedState.Write(comm, copies, step + i, cuts[i]);
        });
        return memories;
    }

    // The living in their old order, then new ones.
    private static CheckpointMemory[] Next(CheckpointMemory[] memories, int ranks, int lost) =>
        [.. memories.Where((_, rank) => rank != lost).Concat(Enumerable.Range(0, ranks).Select(_ => new CheckpointMemory())).Take(ranks)];

    private static long? Restore(CheckpointMemory[] memories, CheckpointedState.Cut cut, int writtenBy, Action<string?>? loss = null)
    {
        long? step = null;
        ThreadWorld.Run(memories.Length, comm =>
        {
            using CheckpointCopies copies = CheckpointCopies.Open(comm, memories[comm.Rank]);
            using CheckpointReader? reader = copies.OpenNewest(CheckpointedState.Job, CheckpointedState.Fingerprint);
            if (comm.IsRoot)
            {
                step = reader?.Header.Step;
                loss?.Invoke(copies.Loss);
            }
            if (reader is not null)
                CheckpointedState.CheckRead(comm, reader, cut, writtenBy);
        });
        return step;
    }

    private static unsafe void Damage(CheckpointImage image) => image.Data[image.Head.DataBytes / 2] ^= 4;
}
