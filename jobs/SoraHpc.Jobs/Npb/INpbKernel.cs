using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb;

/// <summary>One benchmark of the suite; listed in <see cref="NpbKernels"/>. Holds no state: all of a run is made in <see cref="Run"/>.</summary>
public interface INpbKernel
{
    /// <summary>"EP", "CG", "MG", "FT" or "IS".</summary>
    string Name { get; }

    /// <summary>Why the problem cannot be cut for so many ranks, with what is permitted: "MG runs on a power of two of ranks, not on 3"; null when it can. Local.</summary>
    string? Refusal(NpbClass problem, int ranks);

    /// <summary>Bytes that one of <paramref name="ranks"/> ranks allocates, the largest rank's; for refusing what does not fit. Local.</summary>
    long BytesPerRank(NpbClass problem, int ranks);

    /// <summary>
    /// Sets up, runs the untimed and the timed section, and checks. Call through <see cref="NpbJob"/>, which has asked the two above. Collective.
    /// </summary>
    /// <returns>The same on every rank, verified or not.</returns>
    NpbResult Run(Communicator world, NpbClass problem);
}
