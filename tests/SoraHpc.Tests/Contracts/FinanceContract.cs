using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Finance;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Contracts;

/// <summary>What value at risk must be on every transport.</summary>
public abstract class FinanceContract
{
    private const int Scenarios = 10_007;

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    [Test]
    public void Any_number_of_ranks_finds_the_same_bits([Sizes] int size) => WithPortfolio(size, (comm, options) =>
    {
        RunResult alone = FinanceJob.Run(comm.Self(), options), together = FinanceJob.Run(comm, options with { Steps = 3 });

        Assert.That(together.Observables, Is.EqualTo(alone.Observables).AsCollection);
        Assert.That(together.Observables["value at risk"], Is.Positive);
    });

    [Test]
    public void Any_cut_finds_the_same_bits([Values(2, 3)] int size) => WithPortfolio(size, (comm, options) =>
    {
        RunResult alone = FinanceJob.Run(comm.Self(), options);
        FinanceOptions[] choices =
        [
            options with { Partition = new BlockCyclicPartitioner() },
            options with { Partition = new SpaceFillingCurvePartitioner(4) { Merges = false } },
            options with { Balancing = new StaticBalancer([.. Enumerable.Range(1, size).Select(rank => (double)rank)]) },
            options with { Balancing = new MeasuredBalancer() },
        ];
        foreach (FinanceOptions choice in choices)
            Assert.That(FinanceJob.Run(comm, choice).Observables, Is.EqualTo(alone.Observables).AsCollection);
    });

    [Test]
    public void Blocks_that_move_between_steps_leave_all_bits_as_they_are([Values(2, 4)] int size) => WithPortfolio(size, (comm, options) =>
    {
        RunResult alone = FinanceJob.Run(comm.Self(), options);

        RunResult moved = FinanceJob.Run(comm, options with { Partition = new SpaceFillingCurvePartitioner(4) { Merges = false }, Balancing = ScriptedBalancer.Random(seed: 2) });

        Assert.That(moved.Migrations, Is.Not.Empty);
        Assert.That(moved.Observables, Is.EqualTo(alone.Observables).AsCollection);
    });

    [Test]
    public void Every_scenarios_loss_is_written_with_the_measures([Sizes] int size) => WithPortfolio(size, (comm, options) =>
    {
        string folder = Path.GetDirectoryName(options.DataFile)!, path = Path.Combine(folder, "losses.h5"), picture = Path.Combine(folder, "losses.svg");
        RunResult run = FinanceJob.Run(comm, options with { Output = path, Picture = picture });
        comm.Barrier();

        Portfolio portfolio = PortfolioFile.Read(options.DataFile);
        using (Hdf5File file = Hdf5File.Open(path))
        {
            using Hdf5Dataset dataset = file.Dataset("loss");
            double[] losses = dataset.Read<double>();
            Assert.That(losses, Has.Length.EqualTo(Scenarios));
            foreach (int scenario in (int[])[0, 4999, Scenarios - 1])
                Assert.That(losses[scenario], Is.EqualTo(PortfolioReference.Loss(portfolio, options, scenario)).Within(1e-6));
            Assert.That(losses.Count(loss => loss <= run.Observables["value at risk"]), Is.EqualTo((int)Math.Ceiling(0.99 * Scenarios)));
            Assert.That(dataset.Attributes.Read<double>("value_at_risk"), Is.EqualTo(run.Observables["value at risk"]));
        }
        Assert.That(File.ReadAllText(picture), Does.Contain("value at risk").And.EndWith("</svg>\n"));
        comm.Barrier();
    });

    [Test]
    public void A_wrong_portfolio_is_told_on_every_rank([Sizes] int size) => WithPortfolio(size, (comm, options) =>
    {
        UsageException wrong = Assert.Throws<UsageException>(() => FinanceJob.Run(comm, options with { Returns = ReturnModel.Normal }))!;

        Assert.That(wrong.Message, Does.Contain("holds 12 options").And.Contain("take lognormal returns"));
    });

    private void WithPortfolio(int size, Action<Communicator, FinanceOptions> body) => OnEveryRank(size, comm =>
    {
        using SharedFolder folder = new(comm);
        string path = folder.File("portfolio.h5");
        folder.ByRoot(() => PortfolioFile.Write(path, PortfolioData.Make(5, 12)));
        body(comm, new FinanceOptions { DataFile = path, Scenarios = Scenarios });
    });
}
