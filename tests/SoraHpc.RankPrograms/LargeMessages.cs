using SoraHpc.Communication;

namespace SoraHpc.RankPrograms;

/// <summary>Messages past 2³¹ in both senses: bytes in a broadcast, elements in a send and receive. Needs about 5 GiB for two ranks.</summary>
internal static unsafe class LargeMessages
{
    internal static void Run(Communicator comm)
    {
        PointToPoint(comm);
        Broadcast(comm);
        if (comm.IsRoot)
            Console.WriteLine("large messages arrived");
    }

    private static void PointToPoint(Communicator comm)
    {
        nint count = ((nint)1 << 31) + 12345;
        byte* data = (byte*)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)count);
        Payload message = new(data, count, ElementType.Of<byte>());
        if (comm.Rank == 0)
        {
            for (nint i = 0; i < count; i += 4099)
                data[i] = Pattern(i);
            data[count - 1] = 77;
            comm.Send(message, 1, tag: 5);
        }
        else if (comm.Rank == 1)
        {
            Status status = comm.Receive(message, 0, tag: 5);
            Expect(status.Bytes == count, $"received {status.Bytes} B of {count}");
            for (nint i = 0; i < count - 1; i += 4099)
                Expect(data[i] == Pattern(i), $"byte {i} is {data[i]}");
            Expect(data[count - 1] == 77, "the last byte is wrong");
        }
        System.Runtime.InteropServices.NativeMemory.Free(data);
    }

    private static void Broadcast(Communicator comm)
    {
        int count = (1 << 28) + 3;                      // doubles: 2 GiB and 24 B
        using AlignedBuffer<double> data = new(count);
        Span<double> values = data.GetSpan();
        if (comm.Rank == 0)
            for (int i = 0; i < count; i += 1021)
                values[i] = i;
        if (comm.Rank == 0)
            values[count - 1] = -1;
        comm.Broadcast(values);
        for (int i = 0; i < count - 1; i += 1021)
            Expect(values[i] == i, $"element {i} is {values[i]}");
        Expect(values[count - 1] == -1, "the last element is wrong");
    }

    private static byte Pattern(nint i) => (byte)(i * 31 >> 7);

    private static void Expect(bool condition, string otherwise)
    {
        if (!condition)
            throw new InvalidOperationException(otherwise);
    }
}
