using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Finance;

/// <summary>The contract of value at risk on ranks that are threads.</summary>
public sealed class ThreadFinanceTests : FinanceContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
