using SoraHpc.Communication;
using SoraHpc.Communication.Threads;using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Fft;

/// <summary>The contract of distributed transforms on ranks that are threads.</summary>
public sealed class ThreadFftTests : FftContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
