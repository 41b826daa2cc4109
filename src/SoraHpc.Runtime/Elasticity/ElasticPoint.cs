namespace SoraHpc.Runtime.Elasticity;

/// <summary>What an elasticity knows when it is asked; the same on every rank.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Ranks">Ranks there are.</param>
/// <param name="Particles">Particles there are now, on the first so many ranks.</param>
/// <param name="Cells">Cells there are to compute; 0 where nobody can say.</param>
/// <param name="Work">W: the work of a step of all particles, on average since it was last asked, as the job counts it (<see cref="Particle.Workload"/>).</param>
/// <param name="MostWork">The largest W yet, this one included.</param>
public readonly record struct ElasticPoint(long Step, int Ranks, int Particles, long Cells, double Work, double MostWork);
