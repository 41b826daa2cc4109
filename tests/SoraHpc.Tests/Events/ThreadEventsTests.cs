using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Events;

/// <summary>The contract of event-driven sync on ranks that are threads.</summary>
public sealed class ThreadEventsTests : EventsContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
