using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Checkpoints;

/// <summary>The checkpoint contract on ranks that are threads.</summary>
public sealed class ThreadCheckpointTests : CheckpointContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
