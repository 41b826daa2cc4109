using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Tracing;

/// <summary>The contract of recording on ranks that are threads.</summary>
[TestFixture]
public sealed class ThreadRecordingTests : RecordingContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);
}
