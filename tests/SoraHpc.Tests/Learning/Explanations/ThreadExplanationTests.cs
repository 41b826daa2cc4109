using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Learning.Explanations;

/// <summary>The contract of explanations on ranks that are threads.</summary>
public sealed class ThreadExplanationTests : ExplanationContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
