using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Balancing;

/// <summary>The contract of moving parts on ranks that are threads.</summary>
public sealed class ThreadBalancingTests : BalancingContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
