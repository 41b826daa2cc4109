using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Arguments_wrong_on_this_rank_are_refused_before_communication([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        int n = comm.Size;
        Refused(() => comm.Send(1, n), ErrorClass.Rank);
        Refused(() => comm.Receive<int>(n), ErrorClass.Rank);
        Refused(() => comm.StartReceive<int>(new int[1], -7), ErrorClass.Rank);
        Refused(() => comm.Send(1, 0, tag: -3), ErrorClass.Tag);
        Refused(() => comm.Broadcast(1, n), ErrorClass.Root);
        Refused(() => comm.Gather<int>([1], new int[n], -1), ErrorClass.Root);
        Refused(() => comm.Allreduce<int>([1], new int[2], ReduceOperation.Sum), ErrorClass.Count);
        Refused(() => comm.Allgather<int>([1], new int[n + 1]), ErrorClass.Count);
        Refused(() => comm.Alltoallv<int>([1], new int[n], [], new int[n]), ErrorClass.Count);
        Refused(() => comm.Allgatherv<int>(new int[1], new int[1], new int[n]), ErrorClass.Count);
        Refused(() => comm.Allreduce(1.5, ReduceOperation.BitwiseAnd), ErrorClass.Operation);
        Refused(() => comm.Allreduce(Padded.From(1), ReduceOperation.Sum), ErrorClass.Operation);
        Refused(() => comm.Allreduce(1, ReduceOperation.Create<double>((a, b) => a + b)), ErrorClass.Operation);
        comm.Barrier();
    });

    [Test]
    public void Error_names_the_call_the_rank_and_the_reason([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        CommunicationException failure = Refused(() => comm.Broadcast(1, 99), ErrorClass.Root);
        Assert.That((failure.Call, failure.Rank), Is.EqualTo(("Broadcast", comm.WorldRank)));
        Assert.That(failure.Message, Does.StartWith($"Broadcast on rank {comm.WorldRank}: ").And.Contain("99"));
        Assert.That(failure.Message, Does.Not.Contain("\n"));
    });

    [Test]
    public void Message_longer_than_the_buffer_is_refused_at_the_receiver_and_the_next_is_whole([Values(10, 100_000)] int length) => OnEveryRank(2, comm =>
    {
        if (comm.Rank == 0)
        {
            comm.Send<int>(new int[length], 1, 1);
            comm.Send(5, 1, 2);
            return;
        }
        CommunicationException failure = Refused(() => comm.Receive<int>(new int[length - 1], 0, 1), ErrorClass.Truncate);
        Assert.That((failure.Call, failure.Rank), Is.EqualTo(("Receive", comm.WorldRank)));
        Assert.That(comm.Receive<int>(0, 2), Is.EqualTo(5));
    });

    [Test]
    public void Message_longer_than_a_started_receive_is_refused_in_its_wait() => OnEveryRank(2, comm =>
    {
        if (comm.Rank == 0)
        {
            comm.Receive<int>(1, 3);
            comm.Send<int>(new int[9], 1, 1);
            return;
        }
        Request receive = comm.StartReceive<int>(new int[4], 0, 1);
        comm.Send(0, 0, 3);
        Refused(() => receive.Wait(), ErrorClass.Truncate);
        Assert.That(receive.IsActive, Is.False);
    });

    [Test]
    public void Status_that_holds_no_whole_number_of_elements_is_refused() => OnEveryRank(1, comm =>
    {
        Request receive = comm.StartReceive<byte>(new byte[8], 0);
        comm.StartSend<byte>(new byte[5], 0).Wait();
        Status status = receive.Wait();
        Assert.That(status.Bytes, Is.EqualTo((nint)5));
        Refused(() => status.Count<int>(), ErrorClass.Truncate);
    });

    [Test]
    public void Grid_that_needs_more_ranks_than_there_are_is_refused([Values(1, 2)] int size) => OnEveryRank(size, comm =>
        Refused(() => comm.CreateCartesian([comm.Size, 2], [false, false]), ErrorClass.Dimensions));
}
