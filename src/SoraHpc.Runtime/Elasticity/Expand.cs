namespace SoraHpc.Runtime.Elasticity;

/// <summary>Begins with the least number of particles and grows with the work; never shrinks.</summary>
/// <param name="sizing">How many the work is worth.</param>
/// <param name="every">Steps from one look at the work to the next, ≥ 1.</param>
public sealed class Expand(WorkSizing sizing, int every = 100) : IElasticity
{
    /// <inheritdoc/>
    public long Interval { get; } = every >= 1 ? every : throw new ArgumentOutOfRangeException(nameof(every), every, "an interval is 1 step or more");

    /// <inheritdoc/>
    public int Particles(int ranks, long cells)
    {
        sizing.Check(ranks);
        return sizing.Least;
    }

    /// <inheritdoc/>
    public int Resize(ElasticPoint point) => Math.Max(point.Particles, sizing.Particles(point.Work, point.MostWork));

    /// <inheritdoc/>
    public override string ToString() => $"expands from {sizing}";
}
