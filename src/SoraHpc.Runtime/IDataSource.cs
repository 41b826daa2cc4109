using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Runtime;

/// <summary>Where a run's data comes from: says how large the grid is, then fills every rank's share.</summary>
public interface IDataSource
{
    /// <summary>The grid to divide; the same on every rank. Collective.</summary>
    /// <param name="world">All ranks, also those that stand by.</param>
    /// <exception cref="Diagnostics.SoraException">The data is not there, or is no grid.</exception>
    Grid Open(Communicator world);

    /// <summary>Loads this rank's blocks into fields, made with <see cref="Particle.AddField"/>. Collective: ranks read in parallel. Called again for a new
    /// particle where their number changes, or after the death of a rank.</summary>
    /// <exception cref="Diagnostics.SoraException">The data cannot be read, or is not what a run can start from.</exception>
    void Load(Particle particle);
}
