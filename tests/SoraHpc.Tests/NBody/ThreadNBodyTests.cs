using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.NBody;

/// <summary>The contract of bodies on ranks that are threads.</summary>
public sealed class ThreadNBodyTests : NBodyContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
