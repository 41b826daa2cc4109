using System.Runtime.InteropServices;
using SoraHpc.Communication;

namespace SoraHpc.RankPrograms;

/// <summary>Messages past 2³¹ in both senses: elements in a send and receive, bytes in a broadcast. Needs about 5 GiB for two ranks.</summary>
internal static unsafe class LargeMessages
{
    private const int Doubles = (1 << 28) + 3;        // 2 GiB and 24 B
    private const int Stride = 4099;

    internal static void Run(Communicator comm)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(unchecked((nuint)Doubles * sizeof(double)), 64);
        PointToPoint(comm, memory);
        Broadcast(comm, new Span<double>(memory, Doubles));
        NativeMemory.AlignedFree(memory);
        if (comm.IsRoot)
            Console.WriteLine("large messages arrived");
    }

    private static void PointToPoint(Communicator comm, byte* data)
    {
        nint count = unchecked((nint)Doubles * sizeof(double));
        Payload message = new(data, count, ElementType.Of<byte>());
        if (comm.Rank == 0)
        {
            for (nint i = 0; i < count; i += Stride)
                data[i] = Pattern(i);
            data[count - 1] = 77;
            comm.Send(message, 1, tag: 5);
        }
        else if (comm.Rank == 1)
        {
            Status status = comm.Receive(message, 0, tag: 5);
            Smoke.Expect(status.Bytes == count);
            for (nint i = 0; i < count - 1; i += Stride)
                Smoke.Expect(data[i] == Pattern(i));
            Smoke.Expect(data[count - 1] == 77);
        }
    }

    private static void Broadcast(Communicator comm, Span<double> values)
    {
        for (int i = 0; i < values.Length; i += Stride)
            values[i] = comm.Rank == 1 ? i : 0;
        values[^1] = comm.Rank == 1 ? -1 : 0;
        comm.Broadcast(values, root: 1);
        for (int i = 0; i < values.Length - 1; i += Stride)
            Smoke.Expect(values[i] == i);
        Smoke.Expect(values[^1] == -1);
    }

    private static byte Pattern(nint i) => (byte)(i * 31 >> 7);
}
