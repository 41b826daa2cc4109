using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Learning.SubModels;

/// <summary>The contract of placed models on ranks that are threads.</summary>
public sealed class ThreadPlacementTests : PlacementContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
