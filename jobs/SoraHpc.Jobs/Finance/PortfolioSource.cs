using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Finance;

/// <summary>The portfolio, which every rank reads whole, and the scenarios: the cells, in one row.</summary>
internal sealed class PortfolioSource(FinanceOptions options) : IDataSource
{
    /// <summary>Read by <see cref="Open"/>.</summary>
    internal Portfolio Portfolio { get; private set; } = null!;

    /// <summary>How its factors move.</summary>
    internal FactorModel Model { get; private set; } = null!;

    /// <summary>Loss in every scenario [money], to be computed.</summary>
    internal Field<double> Losses { get; private set; } = null!;

    /// <inheritdoc/>
    public Grid Open(Communicator world)
    {
        Portfolio = PortfolioFile.Read(options.DataFile, world);
        if (options.Returns == ReturnModel.Normal && Portfolio.Options.Length > 0)
            throw new UsageException($"{options.DataFile} holds {Portfolio.Options.Length} options, which have no value at the prices below 0 that normal returns reach: take lognormal returns");
        try
        {
            Model = new(Portfolio, options.Horizon, options.Returns);
        }
        catch (SoraException reason)
        {
            throw new SoraException($"{options.DataFile}, dataset factors/correlation: {reason.Message}", reason);
        }
        return new Grid(new Extent(1, 1, options.Scenarios), PeriodicBoundary.Walls, new Extent(1, 1, ScenarioKernel.Alignment));
    }

    /// <inheritdoc/>
    public void Load(Particle particle) => Losses = particle.AddField<double>("loss");

    /// <summary>The kernel for these options.</summary>
    internal ScenarioKernel CreateKernel() => new(Portfolio, Model, options.Horizon, options.Returns, options.Seed);
}
