using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Runtime;

/// <summary>Where a run's data comes from: says how large the grid is, then fills every rank's share.</summary>
public interface IDataSource
{
    /// <summary>The grid to divide; the same on every rank. Collective.</summary>
    Grid Open(Communicator world);

    /// <summary>Loads this rank's blocks into fields. Collective: ranks read in parallel.</summary>
    void Load(Particle particle);
}
