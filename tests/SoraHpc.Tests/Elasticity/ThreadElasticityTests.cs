using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Elasticity;

/// <summary>The contract of changing the number of particles on ranks that are threads; and what ends all ranks, which no test under a launcher survives.</summary>
public sealed class ThreadElasticityTests : ElasticityContract
{
    protected override void OnEveryRank(int size, Action<Communicator> body) => ThreadWorld.Run(size, body);

    private sealed class Own(Func<int, int> answer) : IElasticity
    {
        public int Particles(int ranks, long cells) => 1;

        public long Interval => 3;

        public int Resize(ElasticPoint point) => answer(point.Particles);

        public override string ToString() => "my own";
    }

    [Test]
    public void Number_there_cannot_be_ends_all_ranks_with_one_line([Values(0, 4)] int number) => Assert.That(
        Assert.Throws<SoraException>(() => Heat(3, new Own(_ => number)))!.Message, Is.EqualTo($"my own wants {number} particles: there are 3 ranks, and a run has 1 particle or more"));

    [Test]
    public void Ranks_that_answer_differently_are_told()
    {
        int asked = 0;                                                  // rank 0 grows to two; then one of the two answers otherwise
        Assert.That(Assert.Throws<SoraException>(() => Heat(3, new Own(now => now == 1 ? 2 : Interlocked.Increment(ref asked) % 2 + 2)))!.Message,
            Is.EqualTo("my own wants other particles after step 6 here than on rank 0: it must give the same answer on every rank"));
    }

    [Test]
    public void Rank_that_stands_by_hears_of_a_failure() => Assert.That(
        Assert.Throws<SoraException>(() => Heat(2, new Own(_ => throw new SoraException("no answer"))))!.Message, Is.EqualTo("no answer"));

    private static void Heat(int ranks, IElasticity elasticity)
    {
        string folder = Directory.CreateTempSubdirectory("sora-elastic-").FullName;
        try
        {
            HeatData.Write(Path.Combine(folder, "plate.h5"), 12, 13);
            ThreadWorld.Run(ranks, world => HeatJob.Run(world, new() { DataFile = Path.Combine(folder, "plate.h5"), Output = Path.Combine(folder, "output.h5"), Steps = 20, Elasticity = elasticity }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
