using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Runtime.Recording;

namespace SoraHpc.Tests.Contracts;

/// <summary>What recording must do on every transport.</summary>
public abstract class RecordingContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    [Test]
    public void Messages_are_counted_by_sender_and_receiver_however_they_are_sent([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using RunRecording recording = new(comm, new());
        int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
        double[] data = new double[10], into = new double[10];
        comm.SendReceive<double>(data, right, into, left);                              // 80 B
        Request receive = comm.StartReceive<double>(into, left), send = comm.StartSend<double>(data.AsMemory(0, 5), right);     // 40 B
        Request.WaitAll([receive, send]);
        using (PersistentRequest repeated = comm.CreateReceive<double>(into, left), again = comm.CreateSend<double>(data, right))
            for (int i = 0; i < 3; i++)                                                 // 240 B
            {
                repeated.Start();
                again.Start().Wait();
                repeated.Request.Wait();
            }
        comm.Allreduce(1.0, ReduceOperation.Sum);
        RunTrace? trace = recording.Finish("ring", []);

        Assert.That(trace is not null, Is.EqualTo(comm.IsRoot));
        Assert.That(comm.Tracer, Is.Null);
        for (int rank = 0; rank < (trace?.Ranks.Count ?? 0); rank++)
        {
            RankTrace own = trace!.Ranks[rank];
            int to = (rank + 1) % trace.Ranks.Count;
            Assert.That((own.Rank, own.SentBytes[to], own.SentMessages[to], own.SentBytes.Sum()), Is.EqualTo((rank, 360L, 5L, 360L)));
            Assert.That((own.Calls[(int)RankActivity.SendReceive], own.Calls[(int)RankActivity.Allreduce], own.Bytes[(int)RankActivity.SendReceive]), Is.EqualTo((1L, 1L, 80L)));
            Assert.That(own.Spans.Single(span => span.Activity == RankActivity.SendReceive).Peer, Is.EqualTo((rank + trace.Ranks.Count - 1) % trace.Ranks.Count));
            Assert.That(own.Seconds.Sum(), Is.InRange(0, 60));
        }
    });

    [Test]
    public void Ranks_of_other_communicators_are_named_by_their_number_in_the_world([Values(4)] int size) => OnEveryRank(size, comm =>
    {
        using RunRecording recording = new(comm, new());
        using (Communicator backwards = comm.Split(0, key: -comm.Rank)!)
        using (Communicator odd = backwards.Split(comm.Rank % 2, comm.Rank)!)
            if (odd.Rank == 0)
                odd.Send(1.0, 1);
            else
                odd.Receive<double>(0);
        RunTrace? trace = recording.Finish("pairs", []);

        if (trace is not null)
            Assert.That(trace.Ranks.Select(rank => string.Join(" ", rank.SentBytes)), Is.EqualTo(new[] { "0 0 8 0", "0 0 0 8", "0 0 0 0", "0 0 0 0" }));
    });

    [Test]
    public void Clocks_of_one_machine_agree_within_what_is_said([Values(2)] int size) => OnEveryRank(size, comm =>
    {
        using RunRecording recording = new(comm, new());
        comm.Barrier();
        RunTrace? trace = recording.Finish("clocks", []);

        // Nobody leaves a barrier before everybody has come.
        if (trace is not null)
        {
            TraceEvent[] barriers = [.. trace.Ranks.Select(rank => rank.Spans.Single(span => span.Activity == RankActivity.Barrier))];
            double error = 1e9 * trace.Ranks.Max(rank => rank.ClockError) + 1000;
            Assert.That(barriers.Min(span => span.End), Is.GreaterThanOrEqualTo(barriers.Max(span => span.Begin) - error));
        }
    });

    [Test]
    public void Rank_that_others_wait_for_is_named_from_node_to_node([Values(0, 1)] int ranksPerNode) => OnEveryRank(2, comm =>
    {
        List<string> told = [];
        AlarmOptions alarms = new() { Stall = TimeSpan.FromMilliseconds(300), RanksPerNode = ranksPerNode, Tell = line => { lock (told) told.Add(line); } };
        using RunRecording recording = new(comm, new() { Spans = 0, Alarms = alarms });
        if (comm.IsRoot)
        {
            for (int i = 0; i < 400 && Count() == 0; i++)
                Thread.Sleep(25);
            comm.Send(1, 1);
        }
        else
            comm.Receive<int>(0);
        RunTrace? trace = recording.Finish("stall", []);

        Assert.That(trace, Is.Null);
        if (comm.IsRoot)
            Assert.That(told[0], Does.StartWith("sora: stall: ").And.Contain("rank 1 waits for rank 0 in receive for"));

        int Count()
        {
            lock (told)
                return told.Count;
        }
    });

    [Test]
    public void Second_recording_of_a_run_is_refused([Values(2)] int size) => OnEveryRank(size, comm =>
    {
        using RunRecording recording = new(comm, new());
        Assert.That(() => new RunRecording(comm, new()), Throws.TypeOf<UsageException>().With.Message.Contains("recorded already"));
        recording.Finish("", []);
    });
}
