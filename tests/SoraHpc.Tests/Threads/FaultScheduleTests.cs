using System.Text;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Faults;
using SoraHpc.Diagnostics;

namespace SoraHpc.Tests.Threads;

/// <summary>Schedules of faults: the same again for the same seed, and what becomes of messages that are lost or damaged.</summary>
[CancelAfter(120_000)]
public sealed class FaultScheduleTests
{
    private static readonly FaultMix Everything = new() { Ranks = 4, Calls = 60, MostDeaths = 2, MostDelays = 3, MostLosses = 2, MostCorruptions = 2 };

    [Test]
    public void Schedule_is_the_same_for_the_same_seed_and_another_for_another()
    {
        string[] drawn = [.. Enumerable.Range(0, 100).Select(seed => FaultSchedule.Draw((ulong)seed, Everything).ToString())];
        Assert.That(Enumerable.Range(0, 100).Select(seed => FaultSchedule.Draw((ulong)seed, Everything).ToString()), Is.EqualTo(drawn));
        Assert.That(drawn, Is.Unique);
        foreach (string kind in Enum.GetNames<FaultKind>())
            Assert.That(drawn, Has.Some.Contain(kind));
    }

    [Test]
    public void Random_numbers_are_those_of_the_published_generator()
    {
        // Source: S. Vigna's splitmix64.c, seed 1234567.
        var random = new SplitMix64(1234567);
        Assert.That(new[] { random.Next(), random.Next(), random.Next(), random.Next(), random.Next() }, Is.EqualTo(new[]
        {
            6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL,
        }));
    }

    [Test]
    public unsafe void Checksum_is_the_published_one_and_finds_every_error_of_one_or_two_bits()
    {
        byte[] data = Encoding.ASCII.GetBytes("123456789");
        Assert.That(~Of(data), Is.EqualTo(0xE3069283), "check value of CRC-32C, RFC 3720 appendix B.4 and the catalogue of CRCs");
        data = [.. Enumerable.Range(0, 61).Select(i => (byte)(i * 37))];
        uint right = Of(data);
        for (int first = 0; first < data.Length * 8; first++)
            for (int second = first; second < data.Length * 8; second++)
            {
                Flip(data, first);
                Flip(data, second == first ? 0 : second);
                if (second != first || first != 0)
                    Assert.That(Of(data), Is.Not.EqualTo(right));
                Flip(data, first);
                Flip(data, second == first ? 0 : second);
            }

        static uint Of(byte[] data)
        {
            fixed (byte* address = data)
                return Crc32C.Of(address, data.Length);
        }

        static void Flip(byte[] data, int bit) => data[bit >> 3] ^= (byte)(1 << (bit & 7));
    }

    [Test]
    public void Same_seed_gives_the_same_run_to_the_order_of_every_call([Range(1, 20)] int seed)
    {
        FaultSchedule schedule = FaultSchedule.Draw((ulong)seed, Everything);
        FaultyRun first = Mixed(schedule), second = Mixed(schedule), other = Mixed(schedule with { Seed = schedule.Seed + 1000 });
        Assert.That(first.Events, Is.Not.Empty);
        Assert.That(second.Events, Is.EqualTo(first.Events).AsCollection, schedule.ToString());
        Assert.That((second.Code, string.Join('|', second.Failures)), Is.EqualTo((first.Code, string.Join('|', first.Failures))));
        Assert.That(other.Events, Is.Not.EqualTo(first.Events).AsCollection, "ranks have their turns in another order");
    }

    [Test]
    public void Run_under_faults_ends_with_the_right_sums_or_says_what_was_lost([Values] bool takeTurns)
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            FaultSchedule schedule = FaultSchedule.Draw(seed, Everything) with { TakeTurns = takeTurns };
            FaultyRun run = Mixed(schedule);
            Assert.That(run.Failures, Has.Length.EqualTo(run.Code), $"{schedule}: {run.Said}");
            if (run.Code != 0)
                Assert.That(run.Failures[0], Does.Contain("all ranks have died").Or.Contain("did not arrive whole"), schedule.ToString());
        }
    }

    [Test]
    public void Delay_lets_the_others_go_first()
    {
        FaultyRun run = FaultyRun.Of(2, FaultyRun.Schedule(true, new Fault(FaultKind.Delay, Rank: 0, Call: 1, Amount: 1000)), comm =>
        {
            for (int i = 0; i < 10; i++)
                comm.Send(i, comm.Rank == 0 ? 1 : 0);
            for (int i = 0; i < 10; i++)
                Assert.That(comm.Receive<int>(comm.Rank == 0 ? 1 : 0), Is.EqualTo(i));
        });
        Assert.That(run.Code, Is.Zero);
        Assert.That(run.Events[0].What, Does.Contain("is delayed by 1000"));
    }

    /// <summary>Sizes of a message that is buffered and of one that waits at its sender.</summary>
    private static readonly int[] Sizes = [0, 1, 100, 4096, 4097, 100_000];

    [Test]
    public void Message_lost_or_damaged_up_to_three_times_arrives_whole([ValueSource(nameof(Sizes))] int bytes, [Values(FaultKind.Loss, FaultKind.Corruption)] FaultKind kind,
        [Values(1, 3)] int times, [Values] bool posted, [Values] bool takeTurns)
    {
        FaultyRun run = Transfer(bytes, new Fault(kind, Rank: 1, Call: 2, Amount: times), posted, checks: true, takeTurns, out bool whole);
        Assert.That((run.Code, whole), Is.EqualTo((0, true)), run.Said);
        Assert.That(run.Events.Count(happened => happened.What.Contains("is lost and missed") || happened.What.Contains("wrong")), Is.EqualTo(times));
    }

    [Test]
    public void Message_that_never_arrives_whole_ends_the_run_with_one_line([ValueSource(nameof(Sizes))] int bytes,
        [Values(FaultKind.Loss, FaultKind.Corruption)] FaultKind kind, [Values] bool posted, [Values] bool takeTurns)
    {
        FaultyRun run = Transfer(bytes, new Fault(kind, Rank: 1, Call: 2, Amount: 4), posted, checks: true, takeTurns, out bool whole);
        Assert.That((run.Code, whole), Is.EqualTo((1, false)));
        Assert.That(run.Failures, Has.Length.EqualTo(1));
        Assert.That(run.Failures[0], Does.StartWith($"sora: Receive on rank 0: the message of {bytes} B from rank 1 with tag 7 did not arrive whole in 4 attempts"));
    }

    [Test]
    public void Without_the_check_a_damaged_message_is_delivered([Values(1, 100, 4097)] int bytes)
    {
        FaultyRun run = Transfer(bytes, new Fault(FaultKind.Corruption, Rank: 1, Call: 2), posted: true, checks: false, takeTurns: true, out bool whole);
        Assert.That((run.Code, whole), Is.EqualTo((0, false)), "which is what the check is for");
    }

    [Test]
    public void Without_the_check_a_lost_message_is_found_when_nobody_goes_on([Values] bool posted, [Values] bool takeTurns)
    {
        FaultyRun run = Transfer(100, new Fault(FaultKind.Loss, Rank: 1, Call: 2), posted, checks: false, takeTurns, out _);
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Failures, Has.Length.EqualTo(1));
        Assert.That(run.Failures[0], Does.Contain("no rank can go on").Or.Contain("has left the world"));
    }

    [Test]
    public void Faults_and_checks_are_refused_under_a_launcher()
    {
        WorldOptions options = new() { Transport = Transport.Mpi };
        Assert.Throws<UsageException>(() => World.Run(_ => { }, options with { Faults = new() }));
        Assert.Throws<UsageException>(() => World.Run(_ => { }, options with { CheckMessages = true }));
    }

    /// <summary>A message from rank 1 to rank 0, the first it sends from its second call on.</summary>
    private static FaultyRun Transfer(int bytes, Fault fault, bool posted, bool checks, bool takeTurns, out bool whole)
    {
        byte[] sent = [.. Enumerable.Range(0, bytes).Select(i => (byte)(i * 41 + 3))], received = new byte[bytes];
        bool isDone = false;
        FaultyRun run = FaultyRun.Of(2, FaultyRun.Schedule(takeTurns, fault), comm =>
        {
            Request receive = posted && comm.Rank == 0 ? comm.StartReceive<byte>(received, 1, 7) : default;
            comm.Barrier();
            if (comm.Rank == 1)
                comm.Send<byte>(sent, 0, 7);
            else if (posted)
                receive.Wait();
            else
                comm.Receive<byte>(received, 1, 7);
            if (comm.IsRoot)
                isDone = true;                  // |= by both ranks could undo it
            comm.Barrier();
        }, checks: checks);
        whole = isDone && received.AsSpan().SequenceEqual(sent);
        return run;
    }

    /// <summary>Messages small and large, collectives, communicators and windows; every number is checked.</summary>
    private static FaultyRun Mixed(FaultSchedule schedule) => FaultyRun.Of(4, schedule, comm =>
    {
        using Communicator own = comm.Duplicate();
        double[] large = new double[1000], other = new double[1000];
        int[] number = new int[1];
        for (int i = 0; i < 5; i++)
        {
            int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
            Array.Fill(large, comm.Rank + i);
            Request receive = own.StartReceive<double>(other, left);
            own.Send<double>(large, right);
            receive.Wait();
            Assert.That(other, Is.All.EqualTo((double)(left + i)));
            comm.SendReceive<int>([i + comm.Rank], right, number, left);
            Assert.That(number[0], Is.EqualTo(i + left));
            Assert.That(comm.Allreduce(comm.Rank, ReduceOperation.Sum), Is.EqualTo(comm.Size * (comm.Size - 1) / 2));
        }
        using Communicator half = comm.Split(comm.Rank % 2)!;
        using Window<int> window = comm.AllocateWindow<int>(1);
        window.Fence();
        window.Accumulate(new[] { 1 }, 0, 0, ReduceOperation.Sum);
        window.Fence();
        if (comm.IsRoot)
            Assert.That(window.Local[0], Is.EqualTo(comm.Size));
        half.Barrier();
    }, new(), checks: true);
}
