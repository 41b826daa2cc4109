using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Threads;

/// <summary>The contract on ranks that are threads.</summary>
public sealed class ThreadCommunicatorTests : CommunicatorContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
