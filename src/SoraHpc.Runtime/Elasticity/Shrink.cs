namespace SoraHpc.Runtime.Elasticity;

/// <summary>Begins with the most particles and gives ranks back as the work falls; never grows.</summary>
/// <param name="sizing">How many the work is worth.</param>
/// <param name="every">Steps from one look at the work to the next, ≥ 1.</param>
public sealed class Shrink(WorkSizing sizing, int every = 100) : IElasticity
{
    /// <inheritdoc/>
    public long Interval { get; } = every >= 1 ? every : throw new ArgumentOutOfRangeException(nameof(every), every, "an interval is 1 step or more");

    /// <inheritdoc/>
    public int Particles(int ranks, long cells)
    {
        sizing.Check(ranks);
        return sizing.Most;
    }

    /// <inheritdoc/>
    public int Resize(ElasticPoint point) => Math.Min(point.Particles, sizing.Particles(point.Work, point.MostWork));

    /// <inheritdoc/>
    public override string ToString() => $"shrinks within {sizing}";
}
