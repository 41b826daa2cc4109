using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;

namespace SoraHpc.Tests.Threads;

/// <summary>How a world of threads ends: well, by a failure of one rank, by a rank that leaves others waiting.</summary>
[CancelAfter(30_000)]
public sealed class ThreadWorldTests
{
    private static readonly WorldOptions Options = new() { Transport = Transport.Threads, Error = TextWriter.Null };

    [Test]
    public void World_without_failure_runs_every_rank_once_and_returns_0([Values(1, 2, 9)] int ranks)
    {
        int sum = 0;
        int code = World.Run(comm => Interlocked.Add(ref sum, comm.Rank * 100 + comm.Size), Options with { Ranks = ranks });
        Assert.That((code, sum), Is.EqualTo((0, ranks * (ranks - 1) / 2 * 100 + ranks * ranks)));
    }

    /// <summary>Everything a rank can wait in when another one fails.</summary>
    internal static IEnumerable<TestCaseData> Waits()
    {
        static TestCaseData Case(string name, Action<Communicator> wait) => new TestCaseData(wait).SetArgDisplayNames(name);
        yield return Case("Receive", comm => comm.Receive<int>(1));
        yield return Case("Receive any", comm => comm.Receive<int>());
        yield return Case("Send", comm => comm.Send<byte>(new byte[1 << 20], 1));
        yield return Case("Send synchronous", comm => comm.Send<int>([1], 1, 0, SendMode.Synchronous));
        yield return Case("SendReceive", comm => comm.SendReceive<int>([1], 1, new int[1], 1));
        yield return Case("Request", comm => comm.StartReceive<int>(new int[1], 1).Wait());
        yield return Case("WaitAny", comm => Request.WaitAny([comm.StartReceive<int>(new int[1], 1), comm.StartBarrier()], out _));
        yield return Case("Test", comm => { Request r = comm.StartReceive<int>(new int[1], 1); while (!r.Test(out _)) { } });
        yield return Case("Probe", comm => comm.Probe(1));
        yield return Case("MatchedProbe", comm => comm.MatchedProbe());
        yield return Case("Barrier", comm => comm.Barrier());
        yield return Case("Allreduce", comm => comm.Allreduce(1.0, ReduceOperation.Sum));
        yield return Case("Started", comm => comm.StartBarrier().Wait());
        yield return Case("Split", comm => comm.Split(0));
        yield return Case("Window", comm => comm.AllocateWindow<int>(1));
    }

    [TestCaseSource(nameof(Waits))]
    public void Failure_of_one_rank_wakes_the_others_out_of_whatever_they_wait_in(Action<Communicator> wait)
    {
        var woken = new CommunicationException?[3];
        var clock = Stopwatch.StartNew();
        UsageException thrown = Assert.Throws<UsageException>(() => ThreadWorld.Run(3, comm =>
        {
            if (comm.Rank == 1)
            {
                Thread.Sleep(20);
                throw new UsageException("the reason");
            }
            try
            {
                wait(comm);
            }
            catch (CommunicationException failure)
            {
                woken[comm.Rank] = failure;
                throw;
            }
        }))!;
        Assert.That(thrown.Message, Is.EqualTo("the reason"));
        foreach (int rank in new[] { 0, 2 })
        {
            Assert.That(woken[rank]?.ErrorClass, Is.EqualTo(ErrorClass.Aborted));
            Assert.That(woken[rank]!.Message, Does.Contain("rank 1").And.Contain("the reason"));
        }
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [TestCaseSource(nameof(Waits))]
    public void Rank_that_leaves_ends_what_can_then_never_be_done(Action<Communicator> wait)
    {
        CommunicationException thrown = Assert.Throws<CommunicationException>(() => ThreadWorld.Run(2, comm =>
        {
            if (comm.Rank == 0)
                wait(comm);
        }))!;
        // A small message may have been buffered before its receiver left: then the receive half is what cannot be done.
        Assert.That(thrown.ErrorClass, Is.EqualTo(ErrorClass.ProcessFailed));
        Assert.That(thrown.Message, Does.Contain("left the world").Or.Contain("stayed in the world"));
    }

    [Test]
    public void Message_sent_before_its_sender_left_is_still_received() => ThreadWorld.Run(2, comm =>
    {
        if (comm.Rank == 1)
            comm.Send(17, 0);
        else
        {
            Thread.Sleep(20);
            Assert.That(comm.Probe(1).Count<int>(), Is.EqualTo((nint)1));
            Assert.That(comm.Receive<int>(1), Is.EqualTo(17));
        }
    });

    [Test]
    public void First_failure_is_the_one_line_on_the_error_writer_and_gives_the_exit_code()
    {
        var error = new StringWriter();
        int code = World.Run(comm =>
        {
            if (comm.Rank == 2)
                throw new UsageException("no such case: 9. Cases are 1, 2, 5 and 6");
            comm.Barrier();
        }, Options with { Ranks = 4, Error = error });
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error.ToString(), Is.EqualTo($"sora: no such case: 9. Cases are 1, 2, 5 and 6{Environment.NewLine}"));
    }

    [Test]
    public void Failure_is_told_before_the_failing_rank_disposes_what_it_used()
    {
        // Disposing a window waits for all ranks; the rank that fails inside must not wait for ranks that wait for it.
        Assert.Throws<InvalidOperationException>(() => ThreadWorld.Run(2, comm =>
        {
            using Window<int> window = comm.AllocateWindow<int>(1);
            if (comm.Rank == 1)
                throw new InvalidOperationException();
            comm.Receive<int>(1);
        }));
    }

    [Test]
    public void Abort_ends_every_rank_with_the_exit_code_given()
    {
        var error = new StringWriter();
        int code = World.Run(comm =>
        {
            if (comm.Rank == 0)
                comm.Abort(7, "enough");
            comm.Barrier();
        }, Options with { Ranks = 3, Error = error });
        Assert.That(code, Is.EqualTo(7));
        Assert.That(error.ToString(), Does.StartWith("sora: Abort on rank 0: enough"));
    }

    [Test]
    public void Rank_that_never_calls_again_does_not_keep_a_failed_world_from_ending()
    {
        using var release = new ManualResetEventSlim();
        var clock = Stopwatch.StartNew();
        int code = World.Run(comm =>
        {
            if (comm.Rank == 0)
                throw new SoraException("reason");
            release.Wait();
        }, Options with { Ranks = 2 });
        release.Set();
        Assert.That(code, Is.EqualTo(1));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void Transfer_never_completed_is_an_error_when_its_rank_leaves() =>
        Assert.That(Assert.Throws<CommunicationException>(() => ThreadWorld.Run(2, comm => comm.StartReceive<int>(new int[1], 0)))!.ErrorClass, Is.EqualTo(ErrorClass.Pending));

    [Test]
    public void Rank_that_waits_for_itself_is_told_so()
    {
        Assert.That(Assert.Throws<CommunicationException>(() => ThreadWorld.Run(1, comm => comm.Receive<int>(0)))!.Message, Does.Contain("waits for itself"));
        Assert.That(Assert.Throws<CommunicationException>(() => ThreadWorld.Run(2, comm => comm.Send<byte>(new byte[100_000], comm.Rank)))!.Message, Does.Contain("waits for itself"));
    }

    [Test]
    public void Ranks_that_all_wait_for_each_other_are_told_so([Values(2, 5)] int ranks)
    {
        CommunicationException thrown = Assert.Throws<CommunicationException>(() => ThreadWorld.Run(ranks, comm =>
        {
            if (comm.Rank < ranks - 1)
                comm.Receive<int>(comm.Rank + 1);
            else
                comm.Barrier();
        }))!;
        Assert.That(thrown.ErrorClass, Is.EqualTo(ErrorClass.Deadlock));
        Assert.That(thrown.Message, Does.Contain("no rank can go on").And.Contain("in Receive").And.Contain($"rank {ranks - 1} in Barrier"));
    }

    [Test]
    public void Use_after_the_world_is_closed_is_refused()
    {
        Communicator? kept = null;
        ThreadWorld.Run(1, comm => kept = comm);
        Assert.That(Assert.Throws<CommunicationException>(() => kept!.Barrier())!.ErrorClass, Is.EqualTo(ErrorClass.Closed));
    }

    [Test]
    public void Thread_level_multiple_is_refused_as_usage() =>
        Assert.Throws<UsageException>(() => World.Run(_ => { }, Options with { ThreadLevel = ThreadLevel.Multiple }));

    [Test]
    public void More_ranks_than_a_process_has_threads_are_refused_before_any_starts() =>
        Assert.That(() => World.Run(_ => { }, Options with { Ranks = 10_001 }), Throws.TypeOf<UsageException>().With.Message.StartsWith("10001 ranks as threads of one process: 10000 at most"));

    /// <summary>Two calls that do not belong together, and what the message must name of each.</summary>
    private static IEnumerable<TestCaseData> Mismatches()
    {
        static TestCaseData Case(string name, Action<Communicator> zero, Action<Communicator> one) => new TestCaseData(zero, one).SetArgDisplayNames(name);
        yield return Case("operation", c => c.Barrier(), c => c.Broadcast(1));
        yield return Case("root", c => c.Broadcast(1, 0), c => c.Broadcast(1, 1));
        yield return Case("length", c => c.Broadcast<int>(new int[3]), c => c.Broadcast<int>(new int[4]));
        yield return Case("type", c => c.Broadcast(1), c => c.Broadcast(1f));
        yield return Case("reduction", c => c.Allreduce(1, ReduceOperation.Sum), c => c.Allreduce(1, ReduceOperation.Max));
        yield return Case("grid", c => c.CreateCartesian([2], [true]), c => c.CreateCartesian([2], [false]));
        yield return Case("pair", c => c.Alltoallv<int>(new int[2], [1, 1], new int[2], [1, 1]), c => c.Alltoallv<int>(new int[3], [2, 1], new int[2], [1, 1]));
        yield return Case("edges", c => c.CreateGraph([1], [1]), c => c.CreateGraph([0], []));
        yield return Case("started", c => c.StartAllreduce<int>(new int[1], new int[1], ReduceOperation.Sum).Wait(), c => c.StartBarrier().Wait());
    }

    [TestCaseSource(nameof(Mismatches))]
    public void Collective_calls_that_do_not_match_are_refused_on_both_ranks(Action<Communicator> onZero, Action<Communicator> onOne) => ThreadWorld.Run(2, comm =>
    {
        CommunicationException failure = Assert.Throws<CommunicationException>(() => (comm.Rank == 0 ? onZero : onOne)(comm))!;
        Assert.That(failure.Message, Does.Contain("rank 0").And.Contain("rank 1"));
        comm.Barrier();                     // the communicator is as good as before
    });
}
