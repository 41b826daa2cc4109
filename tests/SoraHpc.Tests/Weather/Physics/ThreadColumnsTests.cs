using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Weather;

/// <summary>The contract of columns and results on ranks that are threads.</summary>
public sealed class ThreadColumnsTests : ColumnsContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
