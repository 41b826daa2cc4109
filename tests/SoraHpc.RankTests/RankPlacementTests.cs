using SoraHpc.Communication;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.RankTests;

/// <summary>The contract of placed models on the ranks of the world.</summary>
public sealed class RankPlacementTests : PlacementContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => RanksOfTheWorld.Run(size, body);
}
