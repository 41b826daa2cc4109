using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Sorting;

/// <summary>The contract of sorting on ranks that are threads.</summary>
public sealed class ThreadSortingTests : SortingContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
