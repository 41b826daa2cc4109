namespace SoraHpc.Learning.Data;

/// <summary>A step that gives a number for every number of some columns, and leaves the others.</summary>
internal abstract class PerNumberStep(IReadOnlyList<string> table, int[] places) : FittedStep(table, table)
{
    /// <summary>What becomes of one number.</summary>
    private protected abstract double Change(DataParticle particle, int row, int column, double value);

    /// <inheritdoc/>
    protected override DataParticle Change(DataParticle particle)
    {
        int columns = particle.Columns.Count;
        double[] numbers = particle.Features.ToDense().Numbers.ToArray();
        for (int row = 0; row < particle.Count; row++)
            foreach (int place in places)
                numbers[row * columns + place] = Change(particle, row, place, numbers[row * columns + place]);
        return particle.With(Output, new DenseFeatures(columns, numbers));
    }
}
