using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Split_is_uneven_and_ordered_by_key([Sizes] int size) => OnEveryRank(size, comm =>
    {
        int color = comm.Rank % 3 == 0 ? 0 : 1;
        using Communicator part = comm.Split(color, key: -comm.Rank)!;
        int[] expected = [.. Enumerable.Range(0, comm.Size).Where(r => (r % 3 == 0 ? 0 : 1) == color).Reverse()];
        Assert.That(part.Size, Is.EqualTo(expected.Length));
        Assert.That(expected[part.Rank], Is.EqualTo(comm.Rank));
        Assert.That(part.Allgather(comm.Rank), Is.EqualTo(expected).AsCollection);
        Assert.That(part.WorldRank, Is.EqualTo(comm.WorldRank));
    });

    [Test]
    public void Split_with_equal_keys_keeps_the_order_and_a_negative_color_joins_none([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using Communicator? part = comm.Split(comm.Rank == 0 ? -1 : 5);
        Assert.That(part is null, Is.EqualTo(comm.Rank == 0));
        if (part is not null)
            Assert.That((part.Rank, part.Size), Is.EqualTo((comm.Rank - 1, comm.Size - 1)));
    });

    [Test]
    public void Duplicate_keeps_its_messages_apart([Pairs] int size) => OnEveryRank(size, comm =>
    {
        using Communicator library = comm.Duplicate();
        Assert.That((library.Rank, library.Size), Is.EqualTo((comm.Rank, comm.Size)));
        if (comm.Rank == 0)
        {
            comm.Send(1, 1);
            library.Send(2, 1);
        }
        else if (comm.Rank == 1)
        {
            Assert.That(library.Receive<int>(), Is.EqualTo(2));
            Assert.That(comm.Receive<int>(), Is.EqualTo(1));
        }
    });

    [Test]
    public void Split_shared_gives_ranks_that_share_memory([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using Communicator node = comm.SplitShared();
        Assert.That(node.Size, Is.InRange(1, comm.Size));
        Assert.That(comm.Allreduce(node.Rank == 0 ? node.Size : 0, ReduceOperation.Sum), Is.EqualTo(comm.Size));
    });

    [Test]
    public void Intercommunicator_merges_with_the_high_group_last([Pairs] int size, [Values] bool evenIsHigh) => OnEveryRank(size, comm =>
    {
        int parity = comm.Rank % 2;
        using Communicator part = comm.Split(parity)!;
        using Intercommunicator both = part.CreateIntercommunicator(localLeader: 0, comm, remoteLeader: 1 - parity, tag: 12);
        Assert.That(both.RemoteSize, Is.EqualTo(comm.Size - part.Size));
        using Communicator merged = both.Merge(high: parity == 0 == evenIsHigh);
        int low = evenIsHigh ? 1 : 0;
        int[] expected = [.. Enumerable.Range(0, comm.Size).Where(r => r % 2 == low), .. Enumerable.Range(0, comm.Size).Where(r => r % 2 != low)];
        Assert.That(merged.Allgather(comm.Rank), Is.EqualTo(expected).AsCollection);
    });

    [Test]
    public void Communicators_of_communicators_stay_apart([Values(2, 5, 8)] int size) => OnEveryRank(size, comm =>
    {
        using Communicator half = comm.Split(comm.Rank < comm.Size / 2 ? 0 : 1)!;
        using Communicator pair = half.Split(half.Rank / 2)!;
        using Communicator copy = pair.Duplicate();
        Assert.That(copy.Allreduce(1, ReduceOperation.Sum), Is.EqualTo(pair.Size));
        Assert.That(half.Allreduce(1, ReduceOperation.Sum), Is.EqualTo(half.Size));
        Assert.That(comm.Allreduce(1, ReduceOperation.Sum), Is.EqualTo(comm.Size));
    });

    [Test]
    public void Closed_communicator_is_refused_and_the_parent_goes_on([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        Communicator copy = comm.Duplicate();
        copy.Barrier();
        copy.Dispose();
        copy.Dispose();
        Refused(() => copy.Send(1, Communicator.ProcessNull), ErrorClass.Closed);
        Refused(copy.Barrier, ErrorClass.Closed);
        comm.Barrier();
    });
}
