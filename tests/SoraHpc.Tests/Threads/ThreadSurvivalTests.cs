using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Faults;
using SoraHpc.Diagnostics;

namespace SoraHpc.Tests.Threads;

/// <summary>What ranks that are threads do when others of them die, whatever the moment.</summary>
[CancelAfter(120_000)]
public sealed class ThreadSurvivalTests
{
    private static readonly SurvivalOptions Fewer = new(), Replaced = new() { Replace = true };

    private sealed class Kept
    {
        internal int Value;
    }

    private static IEnumerable<TestCaseData> Waits()
    {
        static TestCaseData Case(string name, Action<Communicator> wait) => new TestCaseData(wait).SetArgDisplayNames(name);
        foreach (TestCaseData wait in ThreadWorldTests.Waits())
            yield return wait;
        yield return Case("Poll", comm => { while (!comm.TryProbe(out _)) { } });
        yield return Case("TestAll", comm => { Request[] all = [comm.StartReceive<int>(new int[1], 1)]; while (!Request.TestAll(all)) { } });
        yield return Case("Large allreduce", comm => comm.Allreduce<double>(new double[100_000], new double[100_000], ReduceOperation.Sum));
        yield return Case("Cartesian", comm => comm.CreateCartesian([3], [true]));
        yield return Case("Graph", comm => comm.CreateGraph([1], [1]));
        yield return Case("Several", comm => { for (int i = 0; i < 3; i++) comm.StartReceive<byte>(new byte[10_000], 1, i); comm.StartBarrier(); comm.Probe(1); });
    }

    [TestCaseSource(nameof(Waits))]
    public void Death_of_one_rank_breaks_the_others_off_whatever_they_wait_in_and_the_body_is_called_again(Action<Communicator> wait)
    {
        foreach (bool takeTurns in new[] { true, false })
        {
            var thrown = new RankFailureException?[3];
            var after = new (int Generation, int Size, int Before)[2];
            FaultyRun run = FaultyRun.Of(3, FaultyRun.Schedule(takeTurns, new Fault(FaultKind.Death, Rank: 1, Call: 1)), comm =>
            {
                Kept kept = comm.Memory.Get(() => new Kept { Value = comm.Rank });
                if (comm.Generation > 0)
                {
                    comm.Barrier();
                    after[comm.Rank] = (comm.Generation, comm.Size, kept.Value);
                    return;
                }
                try
                {
                    if (comm.Rank == 1)
                        comm.Barrier();
                    wait(comm);
                }
                catch (RankFailureException death)
                {
                    thrown[comm.Rank] = death;
                    throw;
                }
            }, Fewer);
            Assert.That((run.Code, run.Failures), Is.EqualTo((0, Array.Empty<string>())), run.Said);
            Assert.That(thrown[1], Is.Null);
            Assert.That(thrown[0]!.Failed, Is.EqualTo(new[] { 1 }));
            Assert.That(thrown[2]!.Failed, Is.EqualTo(new[] { 1 }));
            Assert.That(after, Is.EqualTo(new[] { (1, 2, 0), (1, 2, 2) }), "the living in their old order, each with what it kept");
            Assert.That(run.Said, Does.StartWith("sora: rank 1 of 3 died").And.Contain("going on with 2 ranks"));
        }
    }

    [Test]
    public void Windows_of_the_dead_break_off_who_waits_for_them([Values] bool takeTurns)
    {
        FaultyRun run = FaultyRun.Of(3, FaultyRun.Schedule(takeTurns, new Fault(FaultKind.Death, Rank: 1, Call: 5)), comm =>
        {
            if (comm.Generation > 0)
                return;
            using Window<int> window = comm.AllocateWindow<int>(1);     // call 1
            comm.Barrier();                                             // call 2
            if (comm.Rank == 1)
                window.Lock(1, LockKind.Exclusive);                     // call 3
            comm.Barrier();                                             // call 4
            window.Lock(1, LockKind.Exclusive);                         // call 5 of rank 1, 4 of the others, who wait for it
        }, Fewer);
        Assert.That((run.Code, run.Failures), Is.EqualTo((0, Array.Empty<string>())), run.Said);
    }

    [Test]
    public void Replacement_has_the_place_of_the_dead_and_an_empty_memory([Values] bool takeTurns, [Values(1, 2)] int deaths)
    {
        var seen = new (int Size, int Value)[4];
        FaultyRun run = FaultyRun.Of(4, FaultyRun.Schedule(takeTurns, new Fault(FaultKind.Death, Rank: 1, Call: 2, Amount: deaths)), comm =>
        {
            Kept kept = comm.Memory.Get(() => new Kept { Value = 100 * comm.Generation + comm.Rank });
            for (int i = 0; i < 4; i++)
                comm.Barrier();
            seen[comm.Rank] = (comm.Size, kept.Value);
        }, Replaced);
        Assert.That(run.Code, Is.Zero, run.Said);
        Assert.That(seen, Is.EqualTo(new[] { (4, 0), (4, 101), (4, deaths == 2 ? 102 : 2), (4, 3) }));
        Assert.That(run.Said, Does.Contain($"{deaths} of them new"));
    }

    [Test]
    public void Death_on_the_way_to_the_next_world_starts_the_recovery_over([Values] bool takeTurns, [Values] bool replace)
    {
        Fault[] faults = [new(FaultKind.Death, Rank: 2, Call: 3), new(FaultKind.Death, Rank: 0, Fault.OnRecovery), new(FaultKind.Death, Rank: 1, Call: 2, Generation: 1)];
        int size = 0;
        FaultyRun run = FaultyRun.Of(5, FaultyRun.Schedule(takeTurns, faults), comm =>
        {
            for (int i = 0; i < 5; i++)
                comm.Allreduce(1, ReduceOperation.Sum);
            size = comm.Size;
        }, replace ? Replaced : Fewer);
        Assert.That((run.Code, size), Is.EqualTo((0, replace ? 5 : 2)), run.Said);
        Assert.That(run.Said, Does.Contain("ranks 0, 2 of 5 died").And.Contain("rank 1 of"));
    }

    [Test]
    public void Ranks_that_had_returned_are_called_again_when_one_dies_that_had_not([Values] bool takeTurns)
    {
        int results = 0;
        FaultyRun run = FaultyRun.Of(3, FaultyRun.Schedule(takeTurns, new Fault(FaultKind.Death, Rank: 0, Call: 2)), comm =>
        {
            comm.Barrier();
            if (comm.IsRoot)
            {
                using Communicator self = comm.Self();          // dies here, what it was to write is missing
                Interlocked.Increment(ref results);
            }
        }, Fewer);
        Assert.That((run.Code, results), Is.EqualTo((0, 1)), run.Said);
    }

    [Test]
    public void Failure_of_its_own_is_not_survived()
    {
        FaultyRun run = FaultyRun.Of(3, FaultyRun.Schedule(true, new Fault(FaultKind.Death, Rank: 2, Call: 1)), comm =>
        {
            if (comm.Generation == 1 && comm.Rank == 1)
                throw new UsageException("the reason");
            comm.Barrier();
        }, Fewer);
        Assert.That((run.Code, run.Failures), Is.EqualTo((2, new[] { "sora: the reason" })));
    }

    [Test]
    public void Death_without_survival_ends_the_run_with_one_line([Values] bool takeTurns)
    {
        FaultyRun run = FaultyRun.Of(3, FaultyRun.Schedule(takeTurns, new Fault(FaultKind.Death, Rank: 2, Call: 2)), comm =>
        {
            comm.Barrier();
            comm.Barrier();
        });
        Assert.That((run.Code, run.Failures), Is.EqualTo((1, new[] { "sora: Barrier on rank 2: the rank died" })));
    }

    [Test]
    public void More_deaths_than_are_to_be_survived_end_the_run_with_one_line([Values] bool takeTurns)
    {
        Fault[] faults = [new(FaultKind.Death, Rank: 0, Call: 1), new(FaultKind.Death, Rank: 0, Call: 1, Generation: 1)];
        FaultyRun run = FaultyRun.Of(4, FaultyRun.Schedule(takeTurns, faults), comm => comm.Barrier(), new() { MostFailures = 1 });
        Assert.That((run.Code, run.Failures), Is.EqualTo((1, new[] { "sora: 2 ranks have died, 1 at most were to be survived" })));
    }

    [Test]
    public void Death_of_all_ranks_ends_the_run_with_one_line([Values] bool takeTurns, [Values] bool replace)
    {
        FaultyRun run = FaultyRun.Of(3, FaultyRun.Schedule(takeTurns, new Fault(FaultKind.Death, Rank: 1, Call: 1, Amount: 3)), comm => comm.Barrier(), replace ? Replaced : Fewer);
        Assert.That((run.Code, run.Failures), Is.EqualTo((1, new[] { "sora: all ranks have died: nobody is left to go on" })));
    }

    [Test]
    public void Rank_that_does_not_come_to_the_recovery_ends_the_run_with_one_line()
    {
        using var release = new ManualResetEventSlim();
        FaultyRun run = FaultyRun.Of(3, FaultyRun.Schedule(false, new Fault(FaultKind.Death, Rank: 1, Call: 1)), comm =>
        {
            if (comm.Rank == 2)
                release.Wait();
            comm.Barrier();
        }, new() { Deadline = TimeSpan.FromMilliseconds(300) });
        release.Set();
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Failures, Has.Length.EqualTo(1));
        Assert.That(run.Failures[0], Does.StartWith("sora: rank 2 has not left what it does 0.3 s after rank 1 died"));
    }

    [Test]
    public void Failure_of_a_using_block_on_the_way_out_does_not_hide_the_death()
    {
        FaultyRun run = FaultyRun.Of(2, FaultyRun.Schedule(true, new Fault(FaultKind.Death, Rank: 1, Call: 1)), comm =>
        {
            if (comm.Generation > 0)
                return;
            using PersistentRequest receive = comm.CreateReceive<int>(new int[1], 1);       // refuses to be disposed while active
            receive.Start();
            comm.Barrier();
        }, Fewer);
        Assert.That((run.Code, run.Failures), Is.EqualTo((0, Array.Empty<string>())), run.Said);
    }

    [Test]
    public void Nothing_is_written_into_the_buffers_of_a_rank_that_was_broken_off([Range(1, 40)] int seed)
    {
        const byte Untouched = 0xEE;
        FaultSchedule schedule = FaultSchedule.Draw((ulong)seed, new FaultMix { Ranks = 4, Calls = 100, MostDeaths = 3 }) with { TakeTurns = false };
        FaultyRun run = FaultyRun.Of(4, schedule, comm =>
        {
            List<byte[]> abandoned = comm.Memory.Get(() => new List<byte[]>());
            byte[][] into = [new byte[100], new byte[20_000], new byte[100], new byte[20_000]];
            try
            {
                for (int i = 0; i < 20; i++)
                    Exchange(comm, into, (byte)i);
            }
            catch (RankFailureException)
            {
                foreach (byte[] buffer in into)
                {
                    Array.Fill(buffer, Untouched);
                    abandoned.Add(buffer);
                }
                throw;
            }
            foreach (byte[] buffer in abandoned)
                Assert.That(buffer.AsSpan().IndexOfAnyExcept(Untouched), Is.EqualTo(-1));
        }, Fewer);
        Assert.That(run.Code, Is.Zero.Or.EqualTo(1));
        Assert.That(run.Failures, Is.EqualTo(run.Code == 0 ? [] : new[] { "sora: all ranks have died: nobody is left to go on" }));
    }

    [Test]
    public void Nothing_is_put_into_attached_memory_of_a_rank_that_was_broken_off([Range(1, 20)] int seed)
    {
        const byte Untouched = 0xEE;
        FaultSchedule schedule = FaultyRun.Schedule(false, new Fault(FaultKind.Death, Rank: seed % 4, Call: 20 + 10 * seed));
        FaultyRun run = FaultyRun.Of(4, schedule, comm =>
        {
            List<AlignedBuffer<byte>> abandoned = comm.Memory.Get(() => new List<AlignedBuffer<byte>>());
            AlignedBuffer<byte> own = new(50_000);
            byte[] data = new byte[50_000];
            try
            {
                using DynamicWindow window = comm.CreateDynamicWindow();
                RemoteMemory<byte> mine = window.Attach(own);
                var all = new RemoteMemory<byte>[comm.Size];
                comm.Allgather<RemoteMemory<byte>>([mine], all);
                window.LockAll();
                for (int i = 0; i < 300; i++)
                    window.Put<byte>(data, all[i % comm.Size]);
                window.UnlockAll();
                comm.Barrier();
            }
            catch (RankFailureException)
            {
                own.GetSpan().Fill(Untouched);
                abandoned.Add(own);
                throw;
            }
            foreach (AlignedBuffer<byte> buffer in abandoned)
                Assert.That(buffer.GetSpan().IndexOfAnyExcept(Untouched), Is.EqualTo(-1));
        }, Fewer);
        Assert.That((run.Code, run.Failures), Is.EqualTo((0, Array.Empty<string>())), run.Said);
    }

    private static void Exchange(Communicator comm, byte[][] into, byte value)
    {
        int right = (comm.Rank + 1) % comm.Size, left = (comm.Rank + comm.Size - 1) % comm.Size;
        byte[] small = new byte[100], large = new byte[20_000];
        Array.Fill(small, value);
        Array.Fill(large, value);
        Request[] requests =
        [
            comm.StartReceive<byte>(into[0], left, 1), comm.StartReceive<byte>(into[1], left, 2), comm.StartReceive<byte>(into[2], right, 3), comm.StartReceive<byte>(into[3], right, 4),
            comm.StartSend<byte>(small, right, 1), comm.StartSend<byte>(large, right, 2), comm.StartSend<byte>(small, left, 3), comm.StartSend<byte>(large, left, 4),
        ];
        Request.WaitAll(requests);
        foreach (byte[] buffer in into)
            Assert.That(buffer.AsSpan().IndexOfAnyExcept(value), Is.EqualTo(-1));
    }
}
