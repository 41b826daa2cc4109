using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Events;
using SoraHpc.Tests.Mpi;

namespace SoraHpc.Tests.Events;

/// <summary>A handler fails on one rank: all ranks end, with one line that says what and where.</summary>
public sealed class HandlerFailureTests
{
    private readonly record struct Ping(int Count);

    private readonly struct FailsAtZero(Action fail) : IEventHandler<Ping>
    {
        public void Handle(in Ping received, int source, EventSender<Ping> sender)
        {
            if (received.Count == 0)
                fail();
            sender.Send((sender.Rank + 1) % sender.Size, new Ping(received.Count - 1));
        }

        public bool Work(EventSender<Ping> sender) => false;
    }

    private static string Line(Action<EventSender<Ping>?> fail, out int exitCode)
    {
        StringWriter error = new();
        exitCode = World.Run(comm =>
        {
            EventSender<Ping>? sender = null;
            using EventLoop<Ping, FailsAtZero> loop = new(comm, new FailsAtZero(() => fail(sender)));
            sender = loop.Sender;
            if (comm.IsRoot)
                sender.Send(1, new Ping(4));                // fails on rank 2 of 3: 1 2 0 1 2
            loop.RunUntilQuiet();
        }, new WorldOptions { Transport = Transport.Threads, Ranks = 3, Error = error });
        return error.ToString();
    }

    [Test]
    public void Exception_in_a_handler_is_one_line_with_rank_handler_and_reason()
    {
        string line = Line(_ => throw new InvalidOperationException("no such vertex"), out int exitCode);

        Assert.That(line, Is.EqualTo("sora: rank 2: FailsAtZero, the handler of Ping events, failed: InvalidOperationException: no such vertex\n"));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public void Wrong_usage_passes_as_it_is()
    {
        string line = Line(_ => throw new UsageException("a source is missing"), out int exitCode);

        Assert.That(line, Is.EqualTo("sora: a source is missing\n"));
        Assert.That(exitCode, Is.EqualTo(2));
    }

    [Test]
    public void Event_for_a_missing_rank_is_one_line()
    {
        string line = Line(sender => sender!.Send(9, new Ping(1)), out int exitCode);

        Assert.That(line, Is.EqualTo("sora: EventSender.Send on rank 2: an event Ping for rank 9, which is not in [0, 3)\n"));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public void Failure_outside_a_run_is_the_one_that_is_told()
    {
        StringWriter error = new();
        int exitCode = World.Run(comm =>
        {
            using EventLoop<Ping, FailsAtZero> loop = new(comm, new FailsAtZero(() => { }));
            if (comm.Rank == 1)
                throw new SoraException("not ready");
            loop.RunUntilQuiet();
        }, new WorldOptions { Transport = Transport.Threads, Ranks = 3, Error = error });

        Assert.That((error.ToString(), exitCode), Is.EqualTo(("sora: rank 1: not ready\n", 1)));
    }

    [TestCase("openmpi", "event-outside", "sora: rank 1: not ready")]
    [TestCase("mpich", "event-outside", "sora: rank 1: not ready")]
    [TestCase("openmpi", "event-throws", "sora: rank 1: Failing, the handler of Int32 events, failed: InvalidOperationException: it broke")]
    [TestCase("mpich", "event-throws", "sora: rank 1: Failing, the handler of Int32 events, failed: InvalidOperationException: it broke")]
    [TestCase("openmpi", "event-nowhere", "sora: EventSender.Send on rank 1: an event Int32 for rank 7, which is not in [0, 2)")]
    [TestCase("mpich", "event-nowhere", "sora: EventSender.Send on rank 1: an event Int32 for rank 7, which is not in [0, 2)")]
    public void Failing_handler_ends_all_processes(string mpi, string verb, string line)
    {
        RankProgram run = RankProgram.Run(mpi, 2, verb);

        Assert.That(run.FirstLine, Is.EqualTo(line));
        Assert.That(run.Complaints.Count(), Is.EqualTo(1), "the other ranks stay silent");
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Ending, Is.LessThan(TimeSpan.FromSeconds(20)));
    }
}
