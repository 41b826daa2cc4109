using System.Numerics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Fft;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Fft;

/// <summary>The contract of distributed transforms on ranks that are threads.</summary>
public sealed class ThreadFftTests : FftContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);

    [Test]
    public void What_ended_a_transform_is_what_its_caller_sees()
    {
        Exception? seen = null;
        var failure = Assert.Throws<SoraException>(() => ThreadWorld.Run(2, comm =>
        {
            try
            {
                using DistributedFft fft = new(comm, new Extent(34, 47, 96));
                if (comm.Rank == 1)
                    throw new SoraException("the reason");
                fft.Forward(new Complex[fft.Field.Cells], new Complex[fft.Spectrum.Cells]);
            }
            catch (Exception ended) when (comm.Rank == 0)
            {
                seen = ended;
                throw;
            }
        }))!;
        Assert.That(failure.Message, Is.EqualTo("the reason"));
        Assert.That((seen as CommunicationException)?.ErrorClass, Is.EqualTo(ErrorClass.Aborted), "and not that a message it left is under way");
    }
}
