namespace SoraHpc.Runtime.Elasticity;

/// <summary>How many particles a run has.</summary>
public interface IElasticity
{
    /// <summary>Particles to run on, in [1, <paramref name="ranks"/>]; the same on every rank.</summary>
    /// <param name="ranks">Ranks there are.</param>
    /// <param name="cells">Cells there are to compute.</param>
    int Particles(int ranks, long cells);
}
