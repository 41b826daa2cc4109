namespace SoraHpc.Runtime.Elasticity;

/// <summary>As many particles as ranks, from beginning to end.</summary>
public sealed class FixedSize : IElasticity
{
    /// <inheritdoc/>
    public int Particles(int ranks, long cells) => ranks;

    /// <inheritdoc/>
    public override string ToString() => "fixed";
}
