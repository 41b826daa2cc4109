using System.Runtime.InteropServices;
using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    private const long NeededMemoryBytes = 8L << 30;

    [Test]
    public unsafe void Message_of_more_than_2_GiB_goes_in_one_call()
    {
        if (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < NeededMemoryBytes)
            Assert.Ignore("needs 8 GiB of memory");
        OnEveryRank(2, comm =>
        {
            // One byte more than a signed 32-bit count can say, and then some; marks where 32-bit arithmetic would go astray.
            long length = (1L << 31) + 4097;
            nint bytes = (nint)length;
            byte* data = (byte*)NativeMemory.AllocZeroed((nuint)bytes);
            try
            {
                nint[] marks = [0, int.MaxValue - 1, int.MaxValue, bytes - 4097, bytes - 1];
                var payload = new Payload(data, bytes, ElementType.Of<byte>());
                if (comm.Rank == 0)
                {
                    for (int i = 0; i < marks.Length; i++)
                        data[marks[i]] = (byte)(i + 1);
                    comm.Send(payload, 1);
                    return;
                }
                Assert.That(comm.Receive(payload, 0).Bytes, Is.EqualTo(bytes));
                Assert.That(marks.Select(at => data[at]), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }).AsCollection);
            }
            finally
            {
                NativeMemory.Free(data);
            }
        });
    }
}
