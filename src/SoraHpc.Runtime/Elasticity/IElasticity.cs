namespace SoraHpc.Runtime.Elasticity;

/// <summary>
/// How many particles a run has, at its beginning and as it goes on. A resize changes no number of the result. Users may write their own.
/// </summary>
/// <remarks>Every rank must answer alike, by what it is given. Ranks that are threads may share the object: what changes while it runs is in the point.</remarks>
public interface IElasticity
{
    /// <summary>Particles to begin with, in [1, <paramref name="ranks"/>]; the same on every rank. The other ranks stand by. Not asked in a world that has lost ranks: there a run begins on all that are left.</summary>
    /// <param name="ranks">Ranks there are.</param>
    /// <param name="cells">Cells there are to compute; 0 where nobody can say.</param>
    int Particles(int ranks, long cells);

    /// <summary>Steps from one <see cref="Resize"/> to the next, the same on every rank; 0: the number stays. Where it is not, the job must be an
    /// <see cref="Resilience.ICheckpointedJob"/>. Default: 0.</summary>
    long Interval => 0;

    /// <summary>Asked after every so many steps, on every rank that is a particle: how many there are to be from now on, in [1, <see cref="ElasticPoint.Ranks"/>].</summary>
    int Resize(ElasticPoint point) => point.Particles;
}
