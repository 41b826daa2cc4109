using SoraHpc.Communication;
using static SoraHpc.RankPrograms.Smoke;

namespace SoraHpc.RankPrograms;

internal static class SmokePointToPoint
{
    internal static void Run(Communicator comm)
    {
        Ring(comm);
        Modes(comm);
        NullNeighbours(comm);
        Probes(comm);
        Persistent(comm);
        Arrays(comm);
        Cancelled(comm);
        Errors(comm);
    }

    private static void Ring(Communicator comm)
    {
        int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
        double[] receive = new double[8];
        Status status = comm.SendReceive<double>([1, 2, comm.Rank], right, receive, left, sendTag: 4, receiveTag: 4);
        Expect(status == new Status(left, 4, 24) && receive[2] == left);
        Located<double>[] located = new Located<double>[1];
        status = comm.SendReceive<Located<double>>([new(comm.Rank, 5)], right, located, left);
        Expect(status.Count<Located<double>>() == 1 && located[0] == new Located<double>(left, 5));
    }

    private static void Modes(Communicator comm)
    {
        if (comm.Rank == 0 && comm.Size > 1)
        {
            comm.Send<int>([1], 1, 1);
            comm.Send<int>([2], 1, 2, SendMode.Synchronous);
            comm.Receive<int>(1);                       // rank 1 now waits in a started receive: a ready send is in order
            comm.Send<int>([3], 1, 3, SendMode.Ready);
            comm.Send(ReadOnlySpan<int>.Empty, 1, 4);
            comm.StartSend<int>(new[] { 5 }, 1, 5).Wait();
            comm.StartSend<int>(new[] { 6 }, 1, 6, SendMode.Synchronous).Wait();
        }
        if (comm.Rank == 1)
        {
            Expect(comm.Receive<int>(0, 1) == 1 && comm.Receive<int>(0, 2) == 2);
            int[] ready = new int[1];
            Request waiting = comm.StartReceive<int>(ready, 0, 3);
            comm.Send(0, 0);
            Expect(waiting.Wait() == new Status(0, 3, 4) && ready[0] == 3);
            Expect(comm.Receive(Span<int>.Empty, tag: 4) == new Status(0, 4, 0));
            Expect(comm.Receive<int>(Communicator.AnySource, 5) == 5 && comm.Receive<int>(0, Communicator.AnyTag) == 6);
        }
        comm.Barrier();
    }

    private static void NullNeighbours(Communicator comm)
    {
        int[] data = [7];
        comm.Send<int>(data, Communicator.ProcessNull);
        Expect(comm.Receive<int>(data, Communicator.ProcessNull) == Status.Empty && data[0] == 7);
        Expect(comm.SendReceive<int>(data, Communicator.ProcessNull, data, Communicator.ProcessNull) == Status.Empty);
        Expect(comm.StartReceive<int>(data, Communicator.ProcessNull).Wait() == Status.Empty);
        Expect(comm.Probe(Communicator.ProcessNull) == Status.Empty);
        Expect(comm.MatchedProbe(Communicator.ProcessNull).Receive<int>(data) == Status.Empty);
        using PersistentRequest nowhere = comm.CreateReceive<int>(data, Communicator.ProcessNull);
        Expect(nowhere.Start().Wait() == Status.Empty && data[0] == 7);
    }

    private static void Probes(Communicator comm)
    {
        Request send = comm.StartSend<long>(new long[] { 1, 2, 3 }, comm.Rank, 9);
        Expect(comm.Probe(comm.Rank, 9) == new Status(comm.Rank, 9, 24) && comm.TryProbe(out Status status, comm.Rank) && status.Bytes == 24);
        Expect(!comm.TryProbe(out _, comm.Rank, 10) && !comm.TryMatchedProbe(out _, comm.Rank, 10));
        Message message = comm.MatchedProbe(comm.Rank);
        Expect(!comm.TryProbe(out _, comm.Rank));
        long[] data = new long[3];
        Expect(message.Status.Count<long>() == 3 && message.Receive<long>(data).Bytes == 24 && data[2] == 3);
        send.Wait();
    }

    private static void Persistent(Communicator comm)
    {
        int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
        double[] send = new double[4], receive = new double[4];
        using PersistentRequest sends = comm.CreateSend<double>(send, right, 3), receives = comm.CreateReceive<double>(receive, left, 3);
        Expect(sends.Request.Wait() == Status.Empty);
        for (int step = 0; step < 10; step++)
        {
            send[0] = 100 * comm.Rank + step;
            receives.Start();
            sends.Start();
            Status[] statuses = new Status[2];
            Request.WaitAll([sends.Request, receives.Request], statuses);
            Expect(receive[0] == 100 * left + step && statuses[1] == new Status(left, 3, 32));
        }
    }

    private static void Arrays(Communicator comm)
    {
        const int messages = 100;                       // past what fits the stack
        int[][] into = [.. Enumerable.Range(0, messages).Select(_ => new int[1])];
        Request[] receives = [.. into.Select((data, i) => comm.StartReceive<int>(data, comm.Rank, i))];
        Expect(!Request.TestAll(receives) && !Request.TestAny(receives, out int none, out _) && none == -1);
        Request[] sends = [.. Enumerable.Range(0, messages).Select(i => comm.StartSend<int>(new[] { i * i }, comm.Rank, i))];
        HashSet<int> done = [];
        for (int i = 0; i < messages / 2; i++)
        {
            int index = Request.WaitAny(receives, out Status status);
            Expect(status.Tag == index && into[index][0] == index * index && done.Add(index));
        }
        Status[] statuses = new Status[messages];
        Request.WaitAll(receives, statuses);
        Expect(into.Select((data, i) => data[0] == i * i && (done.Contains(i) ? statuses[i] == Status.Empty : statuses[i].Tag == i)).All(ok => ok));
        Request.WaitAll(sends);
        Expect(Request.WaitAny(receives, out _) == -1 && Request.TestAll(sends));
    }

    private static void Cancelled(Communicator comm)
    {
        Request never = comm.StartReceive<int>(new int[1], comm.Rank, 12345);
        Expect(!never.Test(out _));
        never.Cancel();
        Expect(never.Wait().Cancelled && !never.IsActive);
    }

    private static void Errors(Communicator comm)
    {
        Expect(ClassOf(() => comm.Send(1, comm.Size)) == ErrorClass.Rank);
        Expect(ClassOf(() => comm.Send(1, comm.Rank, tag: -7)) == ErrorClass.Tag);
        Expect(ClassOf(() => comm.Broadcast(1, root: comm.Size)) == ErrorClass.Root);
        Expect(ClassOf(() => comm.Allreduce(1.0, ReduceOperation.BitwiseAnd)) == ErrorClass.Operation);
        Request send = comm.StartSend<double>(new double[4], comm.Rank, 1);
        Expect(ClassOf(() => comm.Receive<double>(new double[2], comm.Rank, 1)) == ErrorClass.Truncate);
        send.Wait();
    }

    private static ErrorClass? ClassOf(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (CommunicationException failure)
        {
            return failure.ErrorClass;
        }
    }
}
