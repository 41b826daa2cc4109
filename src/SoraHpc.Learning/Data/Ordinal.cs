using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>A category becomes its place among those of the training share, ascending from 0. For embeddings, and for trees.</summary>
/// <param name="Columns">Which; at least one.</param>
public sealed record Ordinal(params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <inheritdoc/>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        if (Columns.Count == 0)
            throw new UsageException("ordinal encoding needs the names of its columns");
        IReadOnlyList<string> table = training.First().Columns;
        int[] places = PlacesIn(table);
        double[][] categories = new double[table.Count][];
        foreach (int place in places)
            categories[place] = Categories.Of(ranks, training, place);
        return new Fitted(table, places, categories);
    }

    private sealed class Fitted(IReadOnlyList<string> table, int[] places, double[][] categories) : PerNumberStep(table, places)
    {
        private readonly double[] numbers = [.. places.SelectMany(place => (double[])[place, categories[place].Length, .. categories[place]])];

        protected override ReadOnlySpan<double> Numbers => numbers;

        private protected override double Change(DataParticle particle, int row, int column, double value) =>
            Array.BinarySearch(categories[column], value) is >= 0 and int category ? category
            : throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"row {particle.Rows[row]}, column '{particle.Columns[column]}': {value} is no category of the training share"));
    }
}
