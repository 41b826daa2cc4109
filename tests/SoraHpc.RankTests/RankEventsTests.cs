using SoraHpc.Communication;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.RankTests;

/// <summary>The contract of event-driven sync on the ranks of the world.</summary>
public sealed class RankEventsTests : EventsContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => RanksOfTheWorld.Run(size, body);
}
