using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Learning.Data;

/// <summary>The contract of data particles on ranks that are threads.</summary>
public sealed class ThreadDataTests : DataContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
