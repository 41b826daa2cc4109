using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Null_request_is_complete_and_empty() => OnEveryRank(1, comm =>
    {
        Request none = default;
        Assert.That(none.Wait(), Is.EqualTo(Status.Empty));
        Assert.That(none.Test(out Status status), Is.True);
        Assert.That(status, Is.EqualTo(Status.Empty));
        Assert.That(none.IsActive, Is.False);
        Assert.That(Request.WaitAny([none, none], out _), Is.EqualTo(-1));
        Assert.That(Request.WaitAny([], out _), Is.EqualTo(-1));
        Assert.That(Request.TestAny([none], out int index, out _), Is.True);
        Assert.That(index, Is.EqualTo(-1));
        Status[] statuses = [default, default];
        Request.WaitAll([none, none], statuses);
        Assert.That(statuses, Is.All.EqualTo(Status.Empty));
        Assert.That(Request.TestAll([none]), Is.True);
    });

    [Test]
    public void Completed_request_is_null_afterwards_even_when_its_slot_is_used_again() => OnEveryRank(1, comm =>
    {
        int[] into = new int[1];
        Request first = comm.StartReceive<int>(into, 0);
        Request send = comm.StartSend<int>(new[] { 5 }, 0);
        Assert.That(first.Wait().Count<int>(), Is.EqualTo((nint)1));
        send.Wait();
        Request second = comm.StartReceive<int>(into, 0);
        Assert.That(first.IsActive, Is.False);
        Assert.That(first.Wait(), Is.EqualTo(Status.Empty));
        Assert.That(second.IsActive, Is.True);
        comm.StartSend<int>(new[] { 6 }, 0).Wait();
        second.Wait();
        Assert.That(into[0], Is.EqualTo(6));
    });

    [Test]
    public void Many_outstanding_receives_from_any_source_take_each_message_once([Pairs] int size) => OnEveryRank(size, comm =>
    {
        const int PerRank = 100;
        if (comm.Rank > 0)
        {
            for (int m = 0; m < PerRank; m++)
                comm.Send(comm.Rank * 1000 + m, 0, tag: 1);
            return;
        }
        int total = PerRank * (comm.Size - 1);
        int[] values = new int[total];
        Request[] requests = Fill(total, i => comm.StartReceive<int>(values.AsMemory(i, 1)));
        var next = new int[comm.Size];
        var statuses = new Status[total];
        Request.WaitAll(requests, statuses);
        for (int i = 0; i < total; i++)
            Assert.That(values[i], Is.EqualTo(statuses[i].Source * 1000 + next[statuses[i].Source]++), "in order per source");
        Assert.That(next[1..], Is.All.EqualTo(PerRank));
    });

    [Test]
    public void Wait_any_over_sends_receives_and_collectives_returns_each_once() => OnEveryRank(2, comm =>
    {
        int peer = 1 - comm.Rank;
        int[] into = new int[1], sum = new int[1], large = new int[50_000];
        Request[] requests =
        [
            comm.StartReceive<int>(into, peer, 1),
            default,
            comm.StartAllreduce<int>(new[] { comm.Rank + 1 }, sum, ReduceOperation.Sum),
            comm.StartSend<int>(new[] { comm.Rank + 10 }, peer, 1),
            comm.StartReceive<int>(large, peer, 2),
            comm.StartSend<int>(Fill(50_000, i => i), peer, 2),
            comm.StartBarrier(),
            comm.StartReceive<int>(new int[1], Communicator.ProcessNull),
        ];
        var order = new List<int>();
        for (int i; (i = Request.WaitAny(requests, out _)) >= 0;)
            order.Add(i);
        Assert.That(order, Is.EquivalentTo(new[] { 0, 2, 3, 4, 5, 6, 7 }), "a null request is none of them, a null neighbour is one");
        Assert.That((into[0], sum[0], large[49_999]), Is.EqualTo((peer + 10, 3, 49_999)));
    });

    [Test]
    public void Test_forms_never_block_and_complete_together() => OnEveryRank(2, comm =>
    {
        int peer = 1 - comm.Rank;
        int[] a = new int[1], b = new int[1];
        Request[] requests = [comm.StartReceive<int>(a, peer, 1), comm.StartReceive<int>(b, peer, 2)];
        Assert.That(requests[0].Test(out _), Is.False);
        Assert.That(Request.TestAny(requests, out _, out _), Is.False);
        comm.Barrier();
        comm.Send(1, peer, 1);
        while (!Request.TestAny(requests, out int index, out _))
            Assert.That(index, Is.EqualTo(-1));
        Assert.That((requests[0].IsActive, requests[1].IsActive), Is.EqualTo((false, true)));
        Assert.That(Request.TestAll(requests), Is.False);
        comm.Barrier();
        comm.Send(2, peer, 2);
        var statuses = new Status[2];
        while (!Request.TestAll(requests, statuses)) { }
        Assert.That((statuses[0], statuses[1].Tag), Is.EqualTo((Status.Empty, 2)));
        Assert.That((a[0], b[0]), Is.EqualTo((1, 2)));
    });

    [Test]
    public void Persistent_exchange_carries_the_buffers_content_of_every_start([Values(1, 2, 3)] int size, [Values(1, 3000)] int length) => OnEveryRank(size, comm =>
    {
        int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
        int[] send = new int[length], receive = new int[length];
        using PersistentRequest sending = comm.CreateSend<int>(send, right, 3), receiving = comm.CreateReceive<int>(receive, left, 3);
        Assert.That(receiving.Request.Wait(), Is.EqualTo(Status.Empty), "not started, it is like the null request");
        for (int step = 0; step < 20; step++)
        {
            send.AsSpan().Fill(comm.Rank * 100 + step);
            Request.WaitAll([receiving.Start(), sending.Start()]);
            Assert.That(receive, Is.All.EqualTo(left * 100 + step));
        }
        sending.Start();
        Assert.Throws<InvalidOperationException>(() => sending.Start());
        receiving.Start().Wait();
        sending.Request.Wait();
    });

    [Test]
    public void Persistent_transfer_with_a_null_neighbour_starts_and_completes() => OnEveryRank(1, comm =>
    {
        using PersistentRequest send = comm.CreateSend<int>(new int[1], Communicator.ProcessNull), receive = comm.CreateReceive<int>(new int[1], Communicator.ProcessNull);
        for (int step = 0; step < 3; step++)
            Request.WaitAll([send.Start(), receive.Start()]);
        Assert.That(receive.Request.IsActive, Is.False);
    });

    [Test]
    public void Cancelled_receive_says_so_and_leaves_the_message_to_the_next() => OnEveryRank(2, comm =>
    {
        if (comm.Rank == 1)
        {
            Request receive = comm.StartReceive<int>(new int[1], 0, 5);
            receive.Cancel();
            Assert.That(receive.Wait().Cancelled, Is.True);
        }
        comm.Barrier();
        if (comm.Rank == 0)
            comm.Send(42, 1, 5);
        else
            Assert.That(comm.Receive<int>(0, 5), Is.EqualTo(42));
    });

    [Test]
    public void Large_started_sends_both_ways_do_not_deadlock([Pairs] int size) => OnEveryRank(size, comm =>
    {
        const int Length = 200_000;
        int[][] into = Fill(comm.Size, _ => new int[Length]);
        Request[] sends = Fill(comm.Size, to => comm.StartSend<int>(Fill(Length, i => i ^ comm.Rank), to, 7));
        for (int from = 0; from < comm.Size; from++)
            comm.Receive<int>(into[from], from, 7);
        Request.WaitAll(sends);
        for (int from = 0; from < comm.Size; from++)
            Assert.That(into[from].AsSpan().SequenceEqual(Fill(Length, i => i ^ from)), Is.True);
    });
}
