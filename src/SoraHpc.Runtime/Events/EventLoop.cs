using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Events;

/// <summary>
/// Ranks that send each other events and meet at no barrier: handlers run as events arrive, and the run ends when every rank is out of
/// work and no event is under way, which is detected, never assumed. One loop per rank, used by its thread; it has a communicator of its own.
/// </summary>
/// <typeparam name="TEvent">What ranks tell each other; blittable, the same type on all ranks.</typeparam>
/// <typeparam name="THandler">What happens when they do.</typeparam>
public sealed class EventLoop<TEvent, THandler> : IDisposable where TEvent : unmanaged where THandler : struct, IEventHandler<TEvent>
{
    private readonly Communicator communicator;
    private readonly EventInbox<TEvent> inbox;
    private readonly TerminationDetector detector;
    private readonly IdleWait idle;
    private readonly Request[] awaited = new Request[2];
    private THandler handler;
    private long localEvents;
    private bool isQuiet = true;

    /// <summary>Collective.</summary>
    /// <param name="communicator">The ranks; duplicated.</param>
    /// <param name="handler">This rank's; a copy is kept.</param>
    public EventLoop(Communicator communicator, THandler handler, EventLoopOptions? options = null)
        : this(communicator, handler, options, TerminationDetector.FourCounter) { }

    /// <param name="hasEnded">The rule that ends the run, for tests of the test.</param>
    internal unsafe EventLoop(Communicator communicator, THandler handler, EventLoopOptions? options, Func<WaveCount, WaveCount, bool> hasEnded)
    {
        options ??= new EventLoopOptions();
        int capacity = Math.Max(1, options.BatchBytes / sizeof(TEvent));
        this.handler = handler;
        this.communicator = communicator.Duplicate();
        Sender = new EventSender<TEvent>(this.communicator, capacity);
        inbox = new EventInbox<TEvent>(this.communicator, capacity, options.ReceivesAhead);
        detector = new TerminationDetector(this.communicator, hasEnded);
        idle = new IdleWait(this.communicator);
    }

    /// <summary>To send the first events with, before <see cref="RunUntilQuiet"/>; they count as part of that run.</summary>
    public EventSender<TEvent> Sender { get; }

    /// <summary>What passed through this rank so far.</summary>
    public EventStatistics Statistics =>
        new(Sender.EventsSent, inbox.EventsReceived, localEvents, Sender.BatchesSent, detector.Waves, idle.Ticks);

    /// <summary>
    /// Handles events and works until no rank has anything left to do; all events have been handled when it returns. May be called
    /// again, with new first events. Collective.
    /// </summary>
    /// <exception cref="EventHandlerException">The handler failed on this rank.</exception>
    public void RunUntilQuiet()
    {
        isQuiet = false;
        try
        {
            Run();
        }
        catch (Exception failure) when (failure is not SoraException)
        {
            throw new EventHandlerException(typeof(THandler).Name, typeof(TEvent).Name, failure);
        }
        Sender.WaitAll();
        communicator.Barrier();             // the first event of a next run must not reach a rank that is still in this one
        isQuiet = true;
    }

    private void Run()
    {
        while (true)
        {
            if (HandleArrived() | HandleLocal() | handler.Work(Sender))
                continue;
            Sender.Flush();
            detector.Join(Sender.BatchesSent, inbox.BatchesReceived);
            (awaited[0], awaited[1]) = (inbox.Next, detector.Wave);
            if (idle.WaitAny(awaited, out Status status) == 0)
                Handle(status);
            else if (detector.End())
                return;
        }
    }

    // No more than the receives that stood ready: the rank's own work gets its turn while others flood it.
    private bool HandleArrived()
    {
        int handled = 0;
        for (; handled < inbox.Length && inbox.Next.Test(out Status status); handled++)
            Handle(status);
        return handled > 0;
    }

    private void Handle(in Status status)
    {
        foreach (ref readonly TEvent received in inbox.Open(status))
            handler.Handle(received, status.Source, Sender);
        inbox.Release();
    }

    // Those that are there now: an event that sends its rank another one must not keep the others' waiting.
    private bool HandleLocal()
    {
        int there = Sender.Local.Count;
        for (int i = 0; i < there; i++)
        {
            TEvent own = Sender.Local.Dequeue();
            handler.Handle(own, Sender.Rank, Sender);
        }
        localEvents += there;
        return there > 0;
    }

    /// <summary>Frees what the loop holds. Collective. After a run that failed nothing is freed: messages may still be under way, and
    /// the failure ends the world.</summary>
    public void Dispose()
    {
        if (!isQuiet)
            return;
        isQuiet = false;
        inbox.Dispose();
        detector.Dispose();
        Sender.FreeBatches();
        communicator.Dispose();
    }
}
