namespace SoraHpc.Runtime.Events;

/// <summary>
/// What a rank does when an event arrives, and what it does of its own while none does. Written as a struct, usually around a
/// reference to the rank's data: <see cref="EventLoop{TEvent, THandler}"/> is then compiled for it and <see cref="Handle"/> is
/// inlined, where an interface or a delegate would cost a call for every event.
/// </summary>
/// <typeparam name="TEvent">What ranks tell each other; a few fields, no references.</typeparam>
public interface IEventHandler<TEvent> where TEvent : unmanaged
{
    /// <summary>One event has arrived. Events of one source arrive in the order they were sent; sources mix in any order.</summary>
    /// <param name="source">The rank that sent it; this rank for its own.</param>
    /// <param name="sender">To send further events with.</param>
    void Handle(in TEvent received, int source, EventSender<TEvent> sender);

    /// <summary>
    /// Does a small piece of work that waits on this rank (the next vertices of a queue) and returns true; false, at once, when there
    /// is none. Only a <see cref="Handle"/> or this method itself may make new work. Arrived events are handled between two pieces.
    /// </summary>
    bool Work(EventSender<TEvent> sender);
}
