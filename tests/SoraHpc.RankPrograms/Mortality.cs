using System.Diagnostics;
using System.Runtime.InteropServices;
using SoraHpc.Communication;

namespace SoraHpc.RankPrograms;

/// <summary>Ranks that vanish at a chosen point while the others wait in a chosen way: <c>survive PLACE shrink|replace [DEATHS]</c>.</summary>
internal static partial class Mortality
{
    private const int Rounds = 40, DeadlyRound = 17;

    // What happens in every round; the rank that is to die vanishes before its turn of the deadly one.
    private static readonly Dictionary<string, Action<Communicator, int>> Places = new()
    {
        ["receive"] = Ring,
        ["allreduce"] = (comm, round) => Expect(comm.Allreduce(round, ReduceOperation.Sum), round * comm.Size),
        ["barrier"] = (comm, _) => comm.Barrier(),
        ["split"] = Split,
        ["window"] = Accumulate,
        ["probe"] = Probe,
        ["poll"] = Poll,
        ["memory"] = Watch,
        ["fence"] = Fence,
        ["start"] = Ring,
        ["end"] = (comm, round) => { if (round == DeadlyRound && comm.Rank == comm.Size - 1) _ = comm.Memory.Get(() => new Bomb()); },
    };

    private static readonly Dictionary<string, Action<Communicator>> Makings = new()
    {
        ["duplicate"] = comm => { using Communicator copy = comm.Duplicate(); },
        ["split"] = comm => Split(comm, 0),
        ["grid"] = comm => { using Communicator? grid = comm.CreateCartesian([comm.Size], [true]); },
        ["barrier"] = comm => comm.Barrier(),
    };

    internal static int Run(string place, string mode, int deaths)
    {
        if (!Places.TryGetValue(place, out Action<Communicator, int>? round))
        {
            Console.Error.WriteLine($"there is no place '{place}' to die in: {string.Join(", ", Places.Keys)}");
            return 2;
        }
        if (place == "start" && LaunchEnvironment.Read() is { Rank: > 0 } launch && launch.Rank == launch.Size - 1)
            Vanish();
        return World.Run(comm => Body(comm, round, deaths), new WorldOptions
        {
            Survival = new() { Replace = mode == "replace", Deadline = TimeSpan.FromSeconds(20), Grace = TimeSpan.FromSeconds(1) },
        });
    }

    /// <summary>Ranks that make communicators again and again, and one, drawn from the seed, that vanishes at a moment drawn too: <c>survive-random PLACE shrink|replace SEED</c>.
    /// With <c>replace</c> a second vanishes soon after, while the world is formed anew.</summary>
    internal static int RunRandom(string place, string mode, int seed)
    {
        if (!Makings.TryGetValue(place, out Action<Communicator>? make))
        {
            Console.Error.WriteLine($"there is nothing '{place}' to die in: {string.Join(", ", Makings.Keys)}");
            return 2;
        }
        return World.Run(comm => MakeUntilTime(comm, make, mode == "replace", new Random(seed)), new WorldOptions
        {
            Survival = new() { Replace = mode == "replace", Deadline = TimeSpan.FromSeconds(20), Grace = TimeSpan.FromSeconds(1) },
        });
    }

    private static void MakeUntilTime(Communicator comm, Action<Communicator> make, bool twice, Random random)
    {
        int victim = random.Next(comm.Size), second = (victim + 1 + random.Next(comm.Size - 1)) % comm.Size;
        double first = 50 + 400 * random.NextDouble(), later = first + 900 * random.NextDouble();
        long begun = Stopwatch.GetTimestamp();
        if (comm.Generation == 0)
        {
            comm.Barrier();
            if (comm.Rank == victim)
                VanishAfter(first);
            if (twice && comm.Rank == second)
                VanishAfter(later);
        }
        while (comm.Allreduce(Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Max) < (comm.Generation == 0 ? 3 : twice ? 1.5 : 0.1))
            make(comm);
        if (comm.IsRoot)
            Console.WriteLine($"generation {comm.Generation}, {comm.Size} ranks");
    }

    // Whatever the rank is doing then.
    private static void VanishAfter(double milliseconds) => new Thread(() =>
    {
        long begun = Stopwatch.GetTimestamp();
        Thread.Sleep((int)milliseconds);
        while (Stopwatch.GetElapsedTime(begun).TotalMilliseconds < milliseconds)
            Thread.SpinWait(10);
        Vanish();
    }) { IsBackground = true }.Start();

    private static void Body(Communicator comm, Action<Communicator, int> round, int deaths)
    {
        Diary diary = comm.Memory.Get(() => new Diary(comm.Rank));
        for (int i = 0; i < Rounds; i++)
        {
            if (i == DeadlyRound && comm.Generation < deaths && comm.Rank == (comm.Generation == 0 ? comm.Size - 1 : 0))
                Vanish();
            round(comm, i);
        }
        int[] first = comm.Allgather(diary.FirstRank);
        if (comm.IsRoot)
            Console.WriteLine($"generation {comm.Generation}, {comm.Size} ranks, first {string.Join(',', first)}, died {string.Join(',', comm.Recovery?.Failed ?? [])}");
    }

    private static void Ring(Communicator comm, int round)
    {
        comm.Send(round, (comm.Rank + 1) % comm.Size);
        Expect(comm.Receive<int>((comm.Rank + comm.Size - 1) % comm.Size), round);
    }

    private static void Split(Communicator comm, int round)
    {
        using Communicator? half = comm.Split(comm.Rank % 2);
        Expect(half!.Allreduce(1, ReduceOperation.Sum), (comm.Size + 1 - comm.Rank % 2) / 2);
    }

    private static void Accumulate(Communicator comm, int round)
    {
        using Window<long> window = comm.AllocateWindow<long>(1);
        window.Fence();
        window.Accumulate(new long[] { 1 }, 0, 0, ReduceOperation.Sum);
        window.Fence();
    }

    // Dies where the others are already in a call that nothing ends.
    private static void Fence(Communicator comm, int round)
    {
        using Window<long> window = comm.AllocateWindow<long>(1);
        if (round == DeadlyRound - 1 && comm.Rank == comm.Size - 1)
        {
            Thread.Sleep(300);
            Vanish();
        }
        window.Fence();
    }

    // All that this rank does is to look at what the others write into shared memory.
    private static void Watch(Communicator comm, int round)
    {
        using Communicator node = comm.SplitShared();
        using Window<long> window = node.AllocateSharedWindow<long>(1);
        if (round == DeadlyRound - 1 && comm.Generation == 0 && comm.Rank == comm.Size - 1)
            Vanish();
        Volatile.Write(ref window.SharedOf(node.Rank)[0], 1);
        for (int rank = 0; rank < node.Size; rank++)
            while (Volatile.Read(ref window.SharedOf(rank)[0]) == 0)
                Thread.Yield();
        node.Barrier();
    }

    private static void Probe(Communicator comm, int round)
    {
        int next = (comm.Rank + 1) % comm.Size, previous = (comm.Rank + comm.Size - 1) % comm.Size;
        int[] data = [round];
        Request sending = comm.StartSend<int>(data, next);
        comm.Probe(previous);
        Expect(comm.MatchedProbe(previous).Receive(data.AsSpan()) is { } ? data[0] : -1, round);
        sending.Wait();
    }

    // A rank that only ever tests must learn of a death too.
    private static void Poll(Communicator comm, int round)
    {
        int[] sent = [round], got = [-1];
        Request sending = comm.StartSend<int>(sent, (comm.Rank + 1) % comm.Size), receiving = comm.StartReceive<int>(got, (comm.Rank + comm.Size - 1) % comm.Size);
        while (!receiving.Test(out _))
            Thread.Yield();
        while (!sending.Test(out _))
            Thread.Yield();
        Expect(got[0], round);
    }

    private static void Expect(int actual, int expected)
    {
        if (actual != expected)
            throw new InvalidOperationException($"{actual} where {expected} was expected");
    }

    private static void Vanish() => _ = Kill(Environment.ProcessId, 9);

    private sealed record Diary(int FirstRank);

    // What a rank keeps is disposed when it has said that it leaves, which the others have heard by then, and before it closes MPI.
    private sealed class Bomb : IDisposable
    {
        public void Dispose()
        {
            Thread.Sleep(300);
            Vanish();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
