using SoraHpc.Communication;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.RankTests;

/// <summary>The contract of changing the number of particles on the ranks of the world.</summary>
public sealed class RankElasticityTests : ElasticityContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => RanksOfTheWorld.Run(size, body);
}
