using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Gathering;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.Finance;

/// <summary>
/// Value at risk and expected shortfall of a portfolio by Monte Carlo; the same bits on any number of ranks. The cells of the grid are
/// scenarios. Read <see cref="Run"/>, then <see cref="Step"/>.
/// </summary>
public sealed class FinanceJob : IMigratingJob, IProbedJob
{
    private readonly FinanceOptions options;
    private readonly PortfolioSource data;
    private ScenarioKernel kernel = null!;
    private Hdf5File? output;
    private Dictionary<string, double> found = [];
    private int done;

    private FinanceJob(FinanceOptions options, PortfolioSource data) => (this.options, this.data) = (options, data);

    /// <summary>The whole job on every rank of a world; the risk measures are among the observables of the result. Collective.</summary>
    /// <exception cref="UsageException">Options that do not go together, or with the portfolio.</exception>
    /// <exception cref="SoraException">A file that cannot be read or written, or a portfolio that is none.</exception>
    public static RunResult Run(Communicator world, FinanceOptions options, SoraOptions? soraOptions = null)
    {
        options.CheckScenarios();
        PortfolioSource data = new(options);
        FinanceJob job = new(options, data);
        Sora sora = new(data, options.Partition, options.Balancing, options.Sync, new FixedSize(), soraOptions);
        RunResult result = sora.Run(world, job);
        string question = FormattableString.Invariant($"{options.Scenarios} scenarios of {options.Days:G6} days, {options.Returns.ToString().ToLowerInvariant()} returns, level {options.Level:G6}");
        return result with
        {
            Choices = $"{question}; {data.Portfolio.Factors} factors, {data.Portfolio.Options.Length} options; {result.Choices}",
            Observables = job.found,
            WorkUnit = "scenarios",
            Quality = null,                                 // no halo is exchanged
        };
    }

    /// <inheritdoc/>
    public string Name => "finance";

    /// <inheritdoc/>
    public bool IsDone => done == options.Steps;

    /// <inheritdoc/>
    public JobProgress Progress => new((double)done / options.Steps, "");

    /// <inheritdoc/>
    public void Prepare(Particle particle)
    {
        kernel = particle.Own(data.CreateKernel());
        if (options.Output is not null)                     // a place that cannot be written is found now
            output = particle.Own(Hdf5File.Create(options.Output, particle.Communicator));
    }

    /// <summary>The next slice of every block's scenarios. Which slice depends on the block and the step alone, so a block can go on elsewhere.</summary>
    public void Step(Particle particle)
    {
        long scenarios = 0;
        for (int i = 0; i < data.Losses.Patches.Count; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            Patch<double> patch = data.Losses.Patches[i];
            Span<double> losses = patch.Row(0)[SliceBegin(patch, done)..SliceBegin(patch, done + 1)];
            kernel.Compute(patch.Block.Begin.Column + SliceBegin(patch, done), losses);
            particle.CountPart(i, begun, losses.Length);
            scenarios += losses.Length;
        }
        done++;
    }

    /// <summary>Nothing to do: what is computed is in a field.</summary>
    public void Moved(Particle particle) { }

    /// <inheritdoc/>
    public double Probe()
    {
        const int Scenarios = 4096;
        using ScenarioKernel trial = data.CreateKernel();
        trial.Compute(0, new double[Scenarios]);
        return Scenarios;
    }

    /// <summary>Nothing: a quantile of some of the scenarios is none of the whole.</summary>
    public void Observe(Particle particle, Observables observables) { }

    /// <inheritdoc/>
    public void Finish(Particle particle)
    {
        double[] losses = Collect(particle.Cells);
        RiskMeasures risk = RiskMeasures.Of(particle.Communicator, losses, options.Scenarios, options.Level);
        found = new()
        {
            ["present value"] = kernel.PresentValue,
            ["mean loss"] = risk.Mean,
            ["standard deviation"] = risk.Deviation,
            ["largest loss"] = risk.Worst,
            ["value at risk"] = risk.ValueAtRisk,
            ["  95 % confidence, from"] = risk.From,
            ["  95 % confidence, to"] = risk.To,
            ["expected shortfall"] = risk.Shortfall,
            ["  standard error"] = risk.ShortfallError,
            ["value at risk, delta-normal"] = DeltaNormal.ValueAtRisk(data.Portfolio, data.Model, options.Level),
            ["expected shortfall, delta-normal"] = DeltaNormal.Shortfall(data.Portfolio, data.Model, options.Level),
        };
        if (options.Picture is not null)
            Draw(particle.Communicator, options.Picture, losses, risk);
        if (output is not null)
            Write(particle, output);
    }

    private double[] Collect(long cells)
    {
        double[] losses = new double[cells];
        Span<double> rest = losses;
        foreach (Patch<double> patch in data.Losses.Patches)
        {
            patch.Row(0).CopyTo(rest);
            rest = rest[(int)patch.Block.Columns..];
        }
        return losses;
    }

    // Cuts fall where the kernel likes to begin.
    private int SliceBegin(Patch<double> patch, int step) => step == options.Steps ? (int)patch.Block.Columns
        : (int)(patch.Block.Columns * step / options.Steps) / ScenarioKernel.Alignment * ScenarioKernel.Alignment;

    private void Draw(Communicator communicator, string path, double[] sorted, RiskMeasures risk)
    {
        LossHistogram histogram = LossHistogram.Of(communicator, sorted);
        if (communicator.IsRoot)
            histogram.Write(path, risk, options);
    }

    private void Write(Particle particle, Hdf5File file)
    {
        using (Hdf5Dataset dataset = file.CreateDataset<double>("loss", [options.Scenarios], new DatasetLayout { EveryElementIsWritten = true }))
        {
            dataset.Attributes.WriteString("portfolio", Path.GetFileName(options.DataFile));
            dataset.Attributes.Write("days", options.Days);
            dataset.Attributes.Write("seed", options.Seed);
            dataset.Attributes.Write("level", options.Level);
            foreach ((string name, double value) in found)
                dataset.Attributes.Write(name.Trim().Replace(",", "").Replace(" %", "").Replace(' ', '_').Replace('-', '_'), value);
            FieldWriter.Write(particle, data.Losses, dataset);
        }
        file.Commit();
    }
}
