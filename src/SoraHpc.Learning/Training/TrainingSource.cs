using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Learning.Training;

/// <summary>The strata of a data set as the grid that a run divides: a particle is the strata of a rank.</summary>
/// <param name="strata">How many.</param>
public sealed class TrainingSource(int strata) : IDataSource
{
    /// <inheritdoc/>
    /// <exception cref="UsageException">There are more ranks than strata.</exception>
    public Grid Open(Communicator world) => world.Size <= strata ? new(new Extent(1, 1, strata), PeriodicBoundary.Walls)
        : throw new UsageException($"{world.Size} ranks cannot share {strata} strata: take at most {strata} ranks, or more strata");

    /// <summary>Nothing: samples are read as they are needed.</summary>
    public void Load(Particle particle) { }
}
