using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SoraHpc.Communication.Mpi.Abi;
using SoraHpc.Communication.Survival.Detection;

namespace SoraHpc.Communication.Mpi;

/// <summary>Makes worlds of processes: the first, and those of the living, with new processes in the places of the dead if wanted.</summary>
internal sealed unsafe class MpiFormation(FailureDetector detector, SurvivalOptions survival, TextWriter error)
{
    // Communicators are made from the last world that MPI knows whole: the first, or one that replacements have joined.
    private nint ancestor;
    private int[] ancestors = [];
    private (ulong First, ulong Second) run;

    /// <summary>The world that MPI started this process in; for a replacement, the one it was started for. Collective.</summary>
    internal MpiProcess Begin(MpiProcess process)
    {
        nint parent = 0;
        process.Errors.Check(process.Functions.CommGetParent(&parent), "Comm_get_parent");
        if (parent != process.Abi.NullCommunicator)
            return Join(process, parent);
        MpiCommunicator world = MpiCommunicator.World(process);
        run = Shared(world);
        IReadOnlyList<DetectorAddress> addresses = Exchange(world);
        (ancestor, ancestors) = (process.World, [.. Enumerable.Range(0, world.Size)]);
        detector.Start(world.Rank, addresses, ancestors, 0, run);
        process.Library.SurvivingCalls!.Heed(detector);
        return process;
    }

    /// <summary>The world without the dead, or with others in their places. Collective over the living.</summary>
    /// <param name="living">The members that have agreed to form it.</param>
    internal MpiProcess Form(MpiProcess process, RecoveryStart start, int generation, int[] living)
    {
        long agreed = Stopwatch.GetTimestamp();
        int[] survivors = [.. start.World.Where(living.Contains)];
        nint handle = CreateGroup(process, survivors, generation);
        detector.Enter(generation, survivors, []);
        MpiProcess formed = process.Reborn(handle, start.Incarnation with { Generation = generation });
        (formed.Errors.BrokenOff, formed.Errors.Explain) = (process.Errors.BrokenOff, process.Errors.Explain);
        if (survival.Replace)
            formed = Replace(formed, start.World, survivors, generation);
        return Report(formed, start, agreed);
    }

    private nint CreateGroup(MpiProcess process, int[] survivors, int generation)
    {
        MpiFunctions mpi = process.Library.Own;
        nint all = 0, group = 0, made = 0;
        int[] ranks = [.. survivors.Select(member => Array.IndexOf(ancestors, member))];
        process.Errors.Check(mpi.CommGroup(ancestor, &all), "Comm_group");
        fixed (int* list = ranks)
            process.Errors.Check(mpi.GroupIncl(all, ranks.Length, list, &group), "Group_incl");
        SurvivingCalls calls = process.Library.SurvivingCalls!;
        calls.Enter("MPI_Comm_create_group");
        process.Errors.Check(calls.Leave(mpi.CommCreateGroup(ancestor, group, generation, &made)), "Comm_create_group");
        _ = mpi.GroupFree(&group);
        _ = mpi.GroupFree(&all);
        return made;
    }

    // ---- replacements ----

    private MpiProcess Replace(MpiProcess process, int[] before, int[] survivors, int generation)
    {
        MpiCommunicator living = MpiCommunicator.World(process);
        int missing = before.Length - survivors.Length, known = detector.Addresses().Count;
        living.Barrier();
        SurvivingCalls calls = process.Library.SurvivingCalls!;
        calls.Enter("MPI_Comm_spawn");
        nint between = Spawn(process, missing);
        _ = calls.Leave();
        if (between == 0)
            return process;
        nint merged = 0;
        calls.Enter("MPI_Intercomm_merge");
        process.Errors.Check(calls.Leave(process.Library.Own.IntercommMerge(between, 0, &merged)), "Intercomm_merge");
        MpiCommunicator all = MpiCommunicator.Wrap(process, merged);
        int next = known;
        int[] world = [.. before.Select(member => survivors.Contains(member) ? member : next++)];
        Tell(all, generation, world);
        IReadOnlyList<DetectorAddress> addresses = Exchange(all);
        MpiProcess formed = Order(process, all, Array.IndexOf(world, detector.Self), process.Incarnation);
        (formed.Errors.BrokenOff, formed.Errors.Explain) = (process.Errors.BrokenOff, process.Errors.Explain);
        (ancestor, ancestors) = (formed.World, world);
        detector.Enter(generation, world, [.. addresses.Skip(survivors.Length)]);
        return formed;
    }

    // 0 where the launcher has no room for them, or cannot.
    private nint Spawn(MpiProcess process, int count)
    {
        nint between = 0;
        byte[][] words = [.. ReadOwnArguments().Select(word => Encoding.UTF8.GetBytes(word + '\0'))];
        GCHandle[] pins = [.. words.Select(word => GCHandle.Alloc(word, GCHandleType.Pinned))];
        nint[] arguments = [.. pins.Skip(1).Select(pin => pin.AddrOfPinnedObject()), 0];
        int code;
        fixed (nint* list = arguments)
            code = process.Library.Own.CommSpawn((byte*)pins[0].AddrOfPinnedObject(), (byte**)list, count, process.Abi.NullInfo, 0, process.World, &between, null);
        Array.ForEach(pins, pin => pin.Free());
        if (code == 0)
            return between;
        if (process.WorldRank == 0)
            error.WriteLine($"sora: {process.Abi.Name} starts no ranks in the places of the dead (error {code}: has the launcher free slots?): going on with fewer");
        return 0;
    }

    // Of this process, as the launcher started it; the file by its full path.
    private static string[] ReadOwnArguments()
    {
        string[] words = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        words[0] = Environment.ProcessPath ?? words[0];
        return words;
    }

    // A replacement's side of what the survivors do in Replace.
    private MpiProcess Join(MpiProcess process, nint parent)
    {
        nint merged = 0;
        process.Errors.Check(process.Library.Own.IntercommMerge(parent, 1, &merged), "Intercomm_merge");
        MpiCommunicator all = MpiCommunicator.Wrap(process, merged);
        (int generation, int[] world, List<DetectorAddress> addresses) = Hear(all);
        IReadOnlyList<DetectorAddress> present = Exchange(all);
        int survivors = world.Count(member => member < addresses.Count), self = addresses.Count + all.Rank - survivors;
        addresses.AddRange(present.Skip(survivors));
        MpiProcess formed = Order(process, all, Array.IndexOf(world, self), Incarnation.First() with { Generation = generation });
        (ancestor, ancestors) = (formed.World, world);
        detector.Start(self, addresses, world, generation, run);
        process.Library.SurvivingCalls!.Heed(detector);
        return Report(formed, null, 0);
    }

    private static MpiProcess Order(MpiProcess process, MpiCommunicator all, int rank, Incarnation incarnation)
    {
        nint ordered = 0;
        process.Errors.Check(process.Functions.CommSplit(all.NativeHandle, 0, rank, &ordered), "Comm_split");
        return process.Reborn(ordered, incarnation);
    }

    // What a replacement must know of the run; rank 0 of the merged communicator is a survivor.
    private void Tell(MpiCommunicator all, int generation, int[] world)
    {
        IReadOnlyList<DetectorAddress> addresses = detector.Addresses();
        all.Broadcast<int>((int[])[generation, world.Length, addresses.Count]);
        all.Broadcast<int>((int[])[.. world]);
        all.Broadcast<ulong>((ulong[])[run.First, run.Second]);
        byte[] written = new byte[addresses.Count * DetectorAddress.Bytes];
        for (int member = 0; member < addresses.Count; member++)
            addresses[member].Write(written.AsSpan(member * DetectorAddress.Bytes, DetectorAddress.Bytes));
        all.Broadcast<byte>(written);
    }

    private (int Generation, int[] World, List<DetectorAddress> Addresses) Hear(MpiCommunicator all)
    {
        int[] head = new int[3];
        all.Broadcast<int>(head);
        int[] world = new int[head[1]];
        all.Broadcast<int>(world);
        ulong[] number = new ulong[2];
        all.Broadcast<ulong>(number);
        run = (number[0], number[1]);
        byte[] written = new byte[head[2] * DetectorAddress.Bytes];
        all.Broadcast<byte>(written);
        return (head[0], world, [.. written.Chunk(DetectorAddress.Bytes).Select(bytes => DetectorAddress.Read(bytes))]);
    }

    // ---- what all ranks must know alike ----

    private IReadOnlyList<DetectorAddress> Exchange(MpiCommunicator all)
    {
        byte[] own = new byte[DetectorAddress.Bytes], everyones = new byte[all.Size * DetectorAddress.Bytes];
        detector.Address.Write(own);
        all.Allgather<byte>(own, everyones);
        return [.. everyones.Chunk(DetectorAddress.Bytes).Select(bytes => DetectorAddress.Read(bytes))];
    }

    // A number that a stranger at one of the ports cannot know.
    private static (ulong, ulong) Shared(MpiCommunicator world)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(2 * sizeof(ulong));
        world.Broadcast<byte>(bytes);
        return (BitConverter.ToUInt64(bytes, 0), BitConverter.ToUInt64(bytes, sizeof(ulong)));
    }

    // Rank 0 of the new world was there before: it is a survivor unless rank 0 was replaced, so the lowest survivor tells.
    private MpiProcess Report(MpiProcess formed, RecoveryStart? start, long agreed)
    {
        MpiCommunicator world = MpiCommunicator.World(formed);
        int teller = world.Allreduce(start is null ? int.MaxValue : world.Rank, ReduceOperation.Min);
        long now = Stopwatch.GetTimestamp();
        int[] members = [.. detector.World];
        long[] told = start is null ? [] : [start.World.Length, members.Count(member => !start.World.Contains(member)), detector.Detection.Ticks,
            Stopwatch.GetElapsedTime(start.KnownAt, agreed).Ticks, Stopwatch.GetElapsedTime(agreed, now).Ticks,
            .. Enumerable.Range(0, start.World.Length).Where(rank => !members.Contains(start.World[rank])).Select(rank => (long)rank)];
        int length = world.Broadcast(told.Length, teller);
        if (world.Rank != teller)
            told = new long[length];
        world.Broadcast(told.AsSpan(), teller);
        RecoveryReport report = new(formed.Incarnation.Generation, [.. told.Skip(5).Select(rank => (int)rank)], (int)told[0], world.Size, (int)told[1],
            TimeSpan.FromTicks(told[2]), TimeSpan.FromTicks(told[3]), TimeSpan.FromTicks(told[4]));
        if (world.IsRoot)
        {
            error.WriteLine($"sora: {report}");
            error.Flush();
        }
        return formed.With(report);
    }
}
