using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Events;

namespace SoraHpc.RankPrograms;

/// <summary>Rank 1's handler fails while rank 0 is idle and waits for the end.</summary>
internal static class EventFailures
{
    private readonly struct Failing(Action<EventSender<int>> fail) : IEventHandler<int>
    {
        public void Handle(in int received, int source, EventSender<int> sender) => fail(sender);

        public bool Work(EventSender<int> sender) => false;
    }

    internal static void Throw(Communicator comm) => Run(comm, _ => throw new InvalidOperationException("it broke"));

    internal static void SendNowhere(Communicator comm) => Run(comm, sender => sender.Send(7, 1));

    /// <summary>Rank 1 fails between runs, while it holds a loop.</summary>
    internal static void ThrowOutside(Communicator comm)
    {
        using EventLoop<int, Failing> loop = new(comm, new Failing(_ => { }));
        if (comm.Rank == 1)
            throw new SoraException("not ready");
        loop.RunUntilQuiet();
    }

    private static void Run(Communicator comm, Action<EventSender<int>> fail)
    {
        using EventLoop<int, Failing> loop = new(comm, new Failing(fail));
        if (comm.IsRoot)
            loop.Sender.Send(1, 1);
        loop.RunUntilQuiet();
    }
}
