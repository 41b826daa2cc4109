namespace SoraHpc.Learning.Data;

/// <summary>Steps that know their numbers. Local.</summary>
/// <param name="steps">In order.</param>
public sealed class FittedPipeline(IReadOnlyList<FittedStep> steps)
{
    /// <summary>The steps.</summary>
    public IReadOnlyList<FittedStep> Steps => steps;

    /// <summary>A particle after all steps.</summary>
    public DataParticle Transform(DataParticle particle) => steps.Aggregate(particle, (current, step) => step.Apply(current));

    /// <summary>Particles after all steps, each when it is asked for: of a table out of core one is in memory at a time.</summary>
    /// <param name="cache">Where results are kept; null: they are computed anew each time.</param>
    public IEnumerable<DataParticle> Transform(IEnumerable<DataParticle> particles, TransformCache? cache = null) =>
        steps.Count == 0 ? particles : particles.Select(particle => cache?.Get(this, particle) ?? Transform(particle));

    /// <summary>A hash of all steps in order.</summary>
    public UInt128 Identity => field != 0 ? field : field = steps.Aggregate(new ContentHash(), (hash, step) => hash.Add(step.Identity)).Finish();
}
