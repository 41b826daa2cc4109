using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Learning.Streams;

/// <summary>The contract of streams on ranks that are threads.</summary>
public sealed class ThreadStreamTests : StreamContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
