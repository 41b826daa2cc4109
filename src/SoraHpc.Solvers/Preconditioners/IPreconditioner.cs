using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Preconditioners;

/// <summary>An approximate inverse of a matrix.</summary>
public interface IPreconditioner
{
    /// <summary>z = M·r. <paramref name="z"/> is not <paramref name="r"/>. Collective.</summary>
    void Apply(DistributedVector r, DistributedVector z);
}
