using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Learning;

/// <summary>The contract of training on ranks that are threads.</summary>
public sealed class ThreadTrainingTests : TrainingContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
