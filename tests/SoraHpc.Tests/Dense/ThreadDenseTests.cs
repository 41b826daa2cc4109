using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Dense;

/// <summary>The contract of dense algebra on ranks that are threads.</summary>
public sealed class ThreadDenseTests : DenseContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
