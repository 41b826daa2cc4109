using System.Runtime.CompilerServices;
using SoraHpc.Communication;
using SoraHpc.Communication.Mpi;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.RankPrograms;

internal static class Verbs
{
    internal static readonly IReadOnlyDictionary<string, Action<Communicator>> All = new Dictionary<string, Action<Communicator>>
    {
        ["hello"] = Hello,
        ["throw"] = Throw,
        ["throw-everywhere"] = comm => throw new SoraException($"the input of rank {comm.Rank} is empty"),
        ["usage"] = comm => throw new UsageException("unknown option --wind"),
        ["throw-on-thread"] = ThrowOnThread,
        ["exit"] = Exit,
        ["signal"] = Signal,
        ["wait"] = comm => comm.Receive<int>(comm.Rank, tag: 99),
        ["null-reference"] = NullReference,
        ["leak"] = Leak,
        ["truncate"] = Truncate,
        ["combine-throws"] = CombineThrows,
        ["after-close"] = AfterClose,
        ["second-world"] = SecondWorld,
        ["threads"] = Threads,
        ["large"] = LargeMessages.Run,
        ["smoke"] = Smoke.Run,
        ["event-throws"] = EventFailures.Throw,
        ["event-outside"] = EventFailures.ThrowOutside,
        ["event-nowhere"] = EventFailures.SendNowhere,
        ["checkpoint"] = CheckpointProgram.Run,
        ["checkpoint-failing"] = CheckpointProgram.RunFailing,
        ["task-throws"] = comm => TaskFailures.Throw(comm, StealTransport.Measured),
        ["task-killed-rma"] = comm => TaskFailures.Kill(comm, StealTransport.Rma),
        ["task-killed-polled"] = comm => TaskFailures.Kill(comm, StealTransport.PolledRma),
        ["task-killed-messages"] = comm => TaskFailures.Kill(comm, StealTransport.Messages),
    };

    private static void Hello(Communicator comm)
    {
        MpiInformation? mpi = MpiInformation.Of(comm);
        Console.WriteLine($"rank {comm.Rank} of {comm.Size} {mpi?.Abi} {mpi?.ThreadLevel} launched by {mpi?.Launcher}");
    }

    private static void Throw(Communicator comm)
    {
        if (comm.Rank == 1)
            throw new SoraException("the input is empty");
        comm.Receive<int>(1);                           // never sent
    }

    private static void ThrowOnThread(Communicator comm)
    {
        if (comm.Rank == 1)
        {
            Thread thread = new(() => throw new SoraException("the writer thread failed"));
            thread.Start();
        }
        comm.Receive<int>(1 - comm.Rank);
    }

    private static void Exit(Communicator comm)
    {
        if (comm.Rank == 1)
            Environment.Exit(3);
        comm.Receive<int>(1);
    }

    private static void Signal(Communicator comm)
    {
        if (comm.Rank == 1)
            System.Diagnostics.Process.Start("sh", ["-c", $"kill -TERM {Environment.ProcessId}"]).WaitForExit();
        comm.Receive<int>(1 - comm.Rank, tag: 99);
    }

    // The runtime turns these faults into exceptions by the very signals that a library may have taken.
    private static void NullReference(Communicator comm)
    {
        string outcome = "";
        try
        {
            outcome += Length(null!);
        }
        catch (NullReferenceException)
        {
            outcome += "null ";
        }
        try
        {
            outcome += Divide(comm.Size, 0);
        }
        catch (DivideByZeroException)
        {
            outcome += "zero";
        }
        int ranks = comm.Allreduce(1, ReduceOperation.Sum);
        Console.WriteLine($"rank {comm.Rank} caught {outcome}, {ranks} ranks go on");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Length(int[] array) => array.Length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Divide(int a, int b) => a / b;

    private static void Leak(Communicator comm)
    {
        if (comm.IsRoot)
            comm.StartReceive<double>(new double[4], tag: 7);
    }

    private static void Truncate(Communicator comm)
    {
        if (comm.Rank == 0)
            comm.Send<double>(new double[8], 1);
        else
            comm.Receive<double>(new double[4], 0);
        comm.Barrier();
    }

    private static void CombineThrows(Communicator comm)
    {
        ReduceOperation broken = ReduceOperation.Create<int>((_, _) => throw new SoraException("no sum of these"));
        comm.Allreduce(comm.Rank, broken);
    }

    private static void AfterClose(Communicator comm)
    {
        Communicator copy = comm.Duplicate();
        copy.Dispose();
        try
        {
            copy.Barrier();
        }
        catch (CommunicationException closed) when (closed.ErrorClass == ErrorClass.Closed)
        {
            Console.WriteLine(closed.Message);
        }
    }

    private static void SecondWorld(Communicator comm)
    {
        StringWriter error = new();
        int code = World.Run(_ => { }, new WorldOptions { Error = error });
        Console.WriteLine($"second world: {code} {error.ToString().Trim()}");
    }

    // Four threads of every rank, each with a tag of its own, start and wait at the same time: needs thread level Multiple.
    private static void Threads(Communicator comm)
    {
        int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            int[] received = new int[40];
            for (int step = 0; step < 100; step++)
            {
                Request[] requests = [.. Enumerable.Range(0, 40).SelectMany(i => (Request[])
                [
                    comm.StartReceive<int>(received.AsMemory(i, 1), left, thread),
                    comm.StartSend<int>(new[] { step * 1000 + i }, right, thread),
                ])];
                Request.WaitAll(requests);
                for (int i = 0; i < 40; i++)
                    Smoke.Expect(received[i] == step * 1000 + i);
            }
        });
        Console.WriteLine($"rank {comm.Rank}: threads agree");
    }
}
