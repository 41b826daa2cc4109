using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.NBody;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;

namespace SoraHpc.Tests.Contracts;

/// <summary>What bodies under gravity must be on every transport.</summary>
public abstract class NBodyContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(2, 3, 5);

    private static readonly NBodyOptions Clustered = new() { Model = new() { Bodies = 1500, Spheres = 4 }, Steps = 4, Samples = 20, LeafBodies = 8, GroupBodies = 24 };

    [Test]
    public void Every_body_and_every_sum_has_the_bits_of_one_rank_however_bodies_are_dealt([Sizes] int size, [Values] DealBy dealBy, [Values] Expansion expansion) => OnEveryRank(size, comm =>
    {
        NBodyOptions options = Clustered with { DealBy = dealBy, Expansion = expansion };
        (Body[] alone, IReadOnlyDictionary<string, double> sumsAlone) = Run(comm.Self(), options);

        (Body[] together, IReadOnlyDictionary<string, double> sums) = Run(comm, options);

        Assert.That(together.Select(Bits), Is.EqualTo(alone.Select(Bits)).AsCollection);
        Assert.That(sums, Is.EqualTo(sumsAlone));
    });

    [Test]
    public void Given_capabilities_change_shares_and_no_bit([Values(2)] int size) => OnEveryRank(size, comm =>
    {
        (Body[] alone, _) = Run(comm.Self(), Clustered);
        NBodyJob.Run(comm, Clustered with { Balancing = new StaticBalancer([1, 3]) }, out NBodyJob job);

        Body[] together = Gather(comm, job);

        Assert.That(together.Select(Bits), Is.EqualTo(alone.Select(Bits)).AsCollection);
        Assert.That(comm.Rank == 0 ? 2 * job.Bodies.Length < together.Length : 2 * job.Bodies.Length > together.Length);
    });

    [Test]
    public void Bodies_at_one_place_and_fewer_pieces_than_ranks_are_no_trouble([Sizes] int size) => OnEveryRank(size, comm =>
    {
        // A few bodies are one group, which is never cut: all ranks but one have none.
        NBodyOptions few = new() { Model = new() { Bodies = 5 }, Steps = 3 };

        (Body[] together, _) = Run(comm, few);

        (Body[] alone, _) = Run(comm.Self(), few);
        Assert.That(together.Select(Bits), Is.EqualTo(alone.Select(Bits)).AsCollection);
    });

    [Test]
    public void More_ranks_than_bodies_are_refused([Values(3)] int size) => OnEveryRank(size, comm => Assert.That(
        Assert.Throws<UsageException>(() => NBodyJob.Run(comm, new() { Model = new() { Bodies = 2 }, Steps = 1 }))!.Message, Does.Contain("2 bodies cannot be shared by 3 ranks")));

    private static (Body[] Bodies, IReadOnlyDictionary<string, double> Sums) Run(Communicator communicator, NBodyOptions options)
    {
        RunResult result = NBodyJob.Run(communicator, options, out NBodyJob job);
        return (Gather(communicator, job), result.Observables);
    }

    private static Body[] Gather(Communicator communicator, NBodyJob job) => [.. communicator.Allgatherv(job.Bodies).OrderBy(body => body.Id)];

    // Costs too: they follow from the tree of all.
    private static (long, long, long, long, long, long, long, long, long) Bits(Body body) => (body.Id, Of(body.X), Of(body.Y), Of(body.Z), Of(body.VX), Of(body.VY), Of(body.VZ), Of(body.Mass), body.Cost);

    private static long Of(double value) => BitConverter.DoubleToInt64Bits(value);
}
