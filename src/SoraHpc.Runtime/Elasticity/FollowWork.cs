namespace SoraHpc.Runtime.Elasticity;

/// <summary>As many particles as the work is worth, more and fewer.</summary>
/// <param name="sizing">How many the work is worth.</param>
/// <param name="every">Steps from one look at the work to the next, ≥ 1.</param>
public sealed class FollowWork(WorkSizing sizing, int every = 100) : IElasticity
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
    public int Resize(ElasticPoint point) => sizing.Particles(point.Work, point.MostWork);

    /// <inheritdoc/>
    public override string ToString() => $"follows the work within {sizing}";
}
