using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Npb;

namespace SoraHpc.Tests.Contracts;

/// <summary>What the kernels must come to, in one suite for ranks that are threads and ranks that are MPI processes.</summary>
public abstract class NpbContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private static IEnumerable<TestCaseData> KernelsAndRanks() =>
        from kernel in NpbKernels.All
        from ranks in (int[])[1, 2, 3, 4]
        where kernel.Refusal(NpbClass.S, ranks) is null
        select new TestCaseData(kernel.Name, ranks).SetArgDisplayNames(kernel.Name, $"{ranks}");

    [TestCaseSource(nameof(KernelsAndRanks))]
    public void Class_S_has_its_published_values_and_the_same_bits_as_on_one_rank(string name, int size) => OnEveryRank(size, comm =>
    {
        INpbKernel kernel = NpbKernels.Named(name)[0];
        using Communicator alone = comm.Self();

        NpbResult result = kernel.Run(comm, NpbClass.S);

        Assert.That(result.IsVerified, NpbSummary.Render(result));
        Assert.That(result.Ranks, Is.EqualTo(size));
        Assert.That(result.Quantities, Is.EqualTo(kernel.Run(alone, NpbClass.S).Quantities).AsCollection);
    });

    [Test]
    public void Wrong_result_ends_the_run_on_every_rank_in_one_line([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        List<string> finished = [];

        SoraException failure = Assert.Throws<SoraException>(() => NpbJob.Run(comm, new() { Kernels = [new Altered(0.5)] }, result => finished.Add(result.Kernel)))!;

        Assert.That(failure.Message, Does.Contain("npb IT class S").And.Contain("verification failed, 1 of 1 quantities").And.Not.Contain("\n"));
        Assert.That(finished, Is.EqualTo(["IT"]).AsCollection);
    });

    [Test]
    public void Class_too_large_for_the_memory_is_refused_before_anything_is_allocated([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        long tooMuch = long.MaxValue / 64;

        Assert.That(() => NpbJob.Run(comm, new() { Kernels = [new Altered(1) { Bytes = tooMuch }] }),
            Throws.TypeOf<SoraException>().With.Message.Contains("MiB on this node").And.Message.Contains("take a smaller class"));
    });

    [Test]
    public void Number_of_ranks_that_is_not_permitted_is_refused_before_anything_runs() => OnEveryRank(3, comm =>
    {
        Assert.That(() => NpbJob.Run(comm, new() { Kernels = [new Altered(1), .. NpbKernels.Named("mg")] }),
            Throws.TypeOf<UsageException>().With.Message.EqualTo("MG class S runs on a power of two of ranks up to 16, not on 3"));
    });

    private sealed class Altered(double factor) : INpbKernel
    {
        internal long Bytes { get; init; }

        public string Name => "IT";

        public string? Refusal(NpbClass problem, int ranks) => null;

        public long BytesPerRank(NpbClass problem, int ranks) => Bytes;

        public NpbResult Run(Communicator world, NpbClass problem) => new(Name, problem, "one", 1, world.Size, 1, 1, [new("one", factor, 1, 1e-8)]);
    }
}
