using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Ring_of_blocking_send_receive_passes_every_rank_number_on([Sizes] int size) => OnEveryRank(size, comm =>
    {
        int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
        foreach (int length in new[] { 0, 1, 1000, 100_000 })
        {
            int[] send = Fill(length, i => comm.Rank * 1_000_000 + i), receive = new int[length];
            Status status = comm.SendReceive<int>(send, right, receive, left, sendTag: 3, receiveTag: 3);
            Assert.That(receive, Is.EqualTo(Fill(length, i => left * 1_000_000 + i)).AsCollection);
            Assert.That((status.Source, status.Tag, status.Count<int>()), Is.EqualTo((left, 3, (nint)length)));
        }
    });

    [Test]
    public void Send_of_each_mode_arrives_whole([Values] SendMode mode, [Values(0, 1, 511, 512, 513, 70_000)] int length) => OnEveryRank(2, comm =>
    {
        if (comm.Rank == 0)
        {
            comm.Receive<byte>(1, 9);       // the receiver is waiting: what Ready asks for
            comm.Send<double>(Fill(length, i => i + 0.25), 1, 4, mode);
        }
        else
        {
            double[] into = new double[length + 1];
            Request receive = comm.StartReceive<double>(into, 0, 4);
            comm.Send((byte)1, 0, 9);
            Assert.That(receive.Wait().Count<double>(), Is.EqualTo((nint)length));
            Assert.That(into[..length], Is.EqualTo(Fill(length, i => i + 0.25)).AsCollection);
            Assert.That(into[length], Is.Zero, "nothing past the message");
        }
    });

    [Test]
    public void Messages_of_one_source_and_tag_keep_their_order_across_the_eager_limit() => OnEveryRank(2, comm =>
    {
        const int Messages = 200;
        static int LengthOf(int m) => m % 7 == 0 ? 5000 : m % 5;
        if (comm.Rank == 0)
            for (int m = 0; m < Messages; m++)
                comm.Send<int>(Fill(LengthOf(m), _ => m), 1, tag: 6);
        else
            for (int m = 0; m < Messages; m++)
            {
                int[] into = new int[5000];
                Assert.That(comm.Receive<int>(into, 0).Count<int>(), Is.EqualTo((nint)LengthOf(m)));
                Assert.That(into[..LengthOf(m)], Is.All.EqualTo(m));
            }
    });

    [Test]
    public void Posted_receives_of_one_tag_are_filled_in_the_order_they_were_posted() => OnEveryRank(2, comm =>
    {
        const int Messages = 50;
        int[] data = Fill(Messages, i => comm.Rank == 0 ? i : -1);
        var requests = new Request[Messages];
        for (int m = 0; m < Messages; m++)
            requests[m] = comm.Rank == 0 ? comm.StartSend<int>(data.AsMemory(m, 1), 1, 2) : comm.StartReceive<int>(data.AsMemory(m, 1), 0, m % 2 == 0 ? 2 : Communicator.AnyTag);
        Request.WaitAll(requests);
        Assert.That(data, Is.EqualTo(Fill(Messages, i => i)).AsCollection);
    });

    [Test]
    public void Messages_of_different_tags_are_taken_in_the_order_asked_for() => OnEveryRank(2, comm =>
    {
        if (comm.Rank == 0)
            for (int tag = 0; tag < 10; tag++)
                comm.Send(tag * 11, 1, tag);
        else
            for (int tag = 9; tag >= 0; tag--)
                Assert.That(comm.Receive<int>(0, tag), Is.EqualTo(tag * 11));
    });

    [Test]
    public void Receive_from_any_source_names_who_sent([Pairs] int size) => OnEveryRank(size, comm =>
    {
        if (comm.Rank > 0)
        {
            comm.Send<int>(Fill(comm.Rank, _ => comm.Rank), 0, tag: 100 + comm.Rank);
            return;
        }
        var seen = new List<int>();
        for (int m = 1; m < comm.Size; m++)
        {
            int[] into = new int[comm.Size];
            Status status = comm.Receive<int>(into);
            Assert.That((status.Tag, status.Count<int>()), Is.EqualTo((100 + status.Source, (nint)status.Source)));
            Assert.That(into[..status.Source], Is.All.EqualTo(status.Source));
            seen.Add(status.Source);
        }
        Assert.That(seen, Is.EquivalentTo(Enumerable.Range(1, comm.Size - 1)));
    });

    [Test]
    public void Transfer_with_a_null_neighbour_completes_at_once_and_moves_nothing([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        int[] untouched = [7];
        comm.Send<int>([1], Communicator.ProcessNull);
        Assert.That(comm.Receive<int>(untouched, Communicator.ProcessNull).Bytes, Is.EqualTo((nint)0));
        comm.SendReceive<int>([1], Communicator.ProcessNull, untouched, Communicator.ProcessNull);
        comm.StartSend<int>(new int[] { 1 }, Communicator.ProcessNull).Wait();
        Assert.That(comm.StartReceive<int>(untouched, Communicator.ProcessNull).Test(out Status started), Is.True);
        Assert.That(started.Bytes, Is.EqualTo((nint)0));
        Assert.That(comm.Probe(Communicator.ProcessNull).Bytes, Is.EqualTo((nint)0));
        Assert.That(comm.MatchedProbe(Communicator.ProcessNull).Receive<int>(untouched).Bytes, Is.EqualTo((nint)0));
        Assert.That(untouched[0], Is.EqualTo(7));
    });

    [Test]
    public void Probe_tells_length_before_the_receive() => OnEveryRank(2, comm =>
    {
        if (comm.Rank == 0)
        {
            comm.Send<double>(new double[17], 1, 5);
            comm.Send<double>(new double[20_000], 1, 6);
            return;
        }
        foreach ((int tag, int length) in new[] { (5, 17), (6, 20_000) })
        {
            Status status = comm.Probe(0, tag);
            Assert.That((status.Source, status.Tag, status.Count<double>()), Is.EqualTo((0, tag, (nint)length)));
            double[] into = new double[status.Count<double>()];
            Assert.That(comm.Receive<double>(into, status.Source, status.Tag).Count<double>(), Is.EqualTo((nint)length));
        }
        Assert.That(comm.TryProbe(out _), Is.False, "nothing is left");
    });

    [Test]
    public void Matched_probe_reserves_its_message_against_later_receives() => OnEveryRank(2, comm =>
    {
        if (comm.Rank == 0)
        {
            comm.Send(1, 1);
            comm.Send(2, 1);
            comm.Send<int>(Fill(10_000, i => i), 1, 8);
            return;
        }
        Message first = comm.MatchedProbe(0, 0);
        Assert.That(comm.Receive<int>(0, 0), Is.EqualTo(2), "the probed message is out of the queue");
        int[] value = new int[1];
        Assert.That(first.Receive<int>(value).Count<int>(), Is.EqualTo((nint)1));
        Assert.That(value[0], Is.EqualTo(1));
        Message large;
        while (!comm.TryMatchedProbe(out large, Communicator.AnySource, 8)) { }
        int[] into = new int[large.Status.Count<int>()];
        large.Receive<int>(into);
        Assert.That(into, Is.EqualTo(Fill(10_000, i => i)).AsCollection);
    });

    [Test]
    public void Struct_with_padding_travels_whole([Values(1, 2, 3)] int size) => OnEveryRank(size, comm =>
    {
        int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
        Padded[] send = Fill(1000, i => Padded.From(i + comm.Rank)), receive = new Padded[1000];
        comm.SendReceive<Padded>(send, right, receive, left);
        Assert.That(receive, Is.EqualTo(Fill(1000, i => Padded.From(i + left))).AsCollection);
        Assert.That(comm.Broadcast(Padded.From(comm.Rank), comm.Size - 1), Is.EqualTo(Padded.From(comm.Size - 1)));
        Assert.That(comm.Allgather(Padded.From(comm.Rank)), Is.EqualTo(Fill(comm.Size, Padded.From)).AsCollection);
    });
}
