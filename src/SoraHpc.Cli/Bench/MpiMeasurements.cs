using System.Diagnostics;
using SoraHpc.Communication;

namespace SoraHpc.Cli.Bench;

/// <summary>The C# side of <c>sora bench mpi</c>: the same measurements as tests/peers/mpi_bench.c, line by line. Two ranks.</summary>
internal sealed class MpiMeasurements(Communicator communicator) : IDisposable
{
    private const int Batches = 10, Window = 16, Most = 4 << 20;

    private readonly AlignedBuffer<byte> send = new(Most), receive = new(Most);
    private readonly AlignedBuffer<double> operand = new(Most / 8), result = new(Most / 8);
    private readonly Request[] requests = new Request[Window];

    /// <summary>All measurements; on rank 0 with values, elsewhere empty. Collective.</summary>
    internal List<Measurement> Run()
    {
        List<Measurement> measured = [];
        Measure(measured, "latency", Latency, 0, Repetitions(0), 2);
        for (int bytes = 1; bytes <= Most; bytes *= 4)
            Measure(measured, "latency", Latency, bytes, Repetitions(bytes), 2);
        for (int bytes = 1; bytes <= Most; bytes *= 4)
            Measure(measured, "stream", Stream, bytes, Repetitions(bytes) / 4, Window);
        for (int bytes = 8; bytes < 1 << 20; bytes *= 8)
            Measure(measured, "allreduce", Allreduce, bytes, Repetitions(bytes), 1);
        Measure(measured, "allreduce", Allreduce, 1 << 20, Repetitions(1 << 20), 1);
        return measured;
    }

    private static int Repetitions(int bytes) => bytes <= 4096 ? 4000 : bytes <= 65536 ? 800 : bytes <= 1 << 20 ? 80 : 20;

    private void Latency(int bytes, int count)
    {
        ReadOnlySpan<byte> from = send.GetSpan()[..bytes];
        Span<byte> into = receive.GetSpan()[..bytes];
        for (int i = 0; i < count; i++)
            if (communicator.Rank == 0)
            {
                communicator.Send(from, 1, 1);
                communicator.Receive(into, 1, 1);
            }
            else
            {
                communicator.Receive(into, 0, 1);
                communicator.Send(from, 0, 1);
            }
    }

    private void Stream(int bytes, int count)
    {
        Memory<byte> from = send.Memory[..bytes], into = receive.Memory[..bytes];
        for (int i = 0; i < count; i++)
        {
            for (int w = 0; w < Window; w++)
                requests[w] = communicator.Rank == 0
                    ? communicator.StartSend<byte>(from, 1, 2)
                    : communicator.StartReceive(into, 0, 2);
            Request.WaitAll(requests);
            if (communicator.Rank == 0)
                communicator.Receive(Span<byte>.Empty, 1, 3);
            else
                communicator.Send(ReadOnlySpan<byte>.Empty, 0, 3);
        }
    }

    private void Allreduce(int bytes, int count)
    {
        ReadOnlySpan<double> from = operand.GetSpan()[..(bytes / 8)];
        Span<double> into = result.GetSpan()[..(bytes / 8)];
        for (int i = 0; i < count; i++)
            communicator.Allreduce(from, into, ReduceOperation.Sum);
    }

    private void Measure(List<Measurement> measured, string kind, Action<int, int> run, int bytes, int count, int per)
    {
        double best = double.PositiveInfinity;
        for (int warm = 0; warm < 3; warm++)            // the first rounds also let the JIT reach its last tier
            run(bytes, count);
        for (int batch = 0; batch < Batches; batch++)
        {
            communicator.Barrier();
            long begun = Stopwatch.GetTimestamp();
            run(bytes, count);
            best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalSeconds / ((double)count * per));
        }
        if (communicator.IsRoot)
            measured.Add(new(kind, bytes, best));
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in (IDisposable[])[send, receive, operand, result])
            buffer.Dispose();
    }
}
