using SoraHpc.Communication;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.RankTests;

/// <summary>The contract of data particles on the ranks of the world.</summary>
public sealed class RankDataTests : DataContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => RanksOfTheWorld.Run(size, body);
}
