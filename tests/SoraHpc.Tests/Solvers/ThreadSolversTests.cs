using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Solvers;

/// <summary>The contract of operators and solvers on ranks that are threads.</summary>
public sealed class ThreadSolversTests : SolversContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
