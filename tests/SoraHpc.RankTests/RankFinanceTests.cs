using SoraHpc.Communication;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.RankTests;

/// <summary>The contract of value at risk on the ranks of the world.</summary>
public sealed class RankFinanceTests : FinanceContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => RanksOfTheWorld.Run(size, body);
}
