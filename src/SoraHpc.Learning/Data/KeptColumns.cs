namespace SoraHpc.Learning.Data;

/// <summary>Some columns of a table, the others left out.</summary>
internal sealed class KeptColumns(IReadOnlyList<string> table, int[] kept) : FittedStep(table, [.. kept.Select(column => table[column])])
{
    private readonly double[] numbers = [.. kept.Select(column => (double)column)];

    /// <inheritdoc/>
    protected override ReadOnlySpan<double> Numbers => numbers;

    /// <inheritdoc/>
    protected override DataParticle Change(DataParticle particle) => particle.With(Output, particle.Features.SelectColumns(kept));
}
