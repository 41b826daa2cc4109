using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>A step that knows its numbers: a pure function of a particle. Local.</summary>
public abstract class FittedStep
{
    private readonly string[] input;

    /// <param name="input">The columns it takes.</param>
    /// <param name="output">The columns it gives.</param>
    protected FittedStep(IReadOnlyList<string> input, IReadOnlyList<string> output) => (this.input, Output) = ([.. input], output);

    /// <summary>The columns it gives.</summary>
    public IReadOnlyList<string> Output { get; }

    /// <summary>A hash of what it does and of all its numbers: two steps of one identity give the same particle for the same particle.</summary>
    public UInt128 Identity => field != 0 ? field : field = HashOfContent();

    /// <summary>The particle cleaned or encoded; the one given does not change.</summary>
    /// <exception cref="SoraException">It has other columns than the step was fitted to, or a number the step cannot take.</exception>
    public DataParticle Apply(DataParticle particle)
    {
        if (particle.Columns.SequenceEqual(input))
            return Change(particle);
        throw input.Except(particle.Columns).FirstOrDefault() is { } missing ? new SoraException($"column '{missing}' is missing: {GetType().Name} was fitted to {string.Join(", ", input)}")
            : new SoraException($"the columns are {string.Join(", ", particle.Columns)}, and {GetType().Name} was fitted to {string.Join(", ", input)}");
    }

    /// <summary>What <see cref="Apply"/> does for a particle of the right columns.</summary>
    protected abstract DataParticle Change(DataParticle particle);

    /// <summary>The numbers of the step, all that its result depends on.</summary>
    protected abstract ReadOnlySpan<double> Numbers { get; }

    private UInt128 HashOfContent() => new ContentHash().Add(GetType().FullName!).Add(input).Add(Output).Add(Numbers).Finish();
}
