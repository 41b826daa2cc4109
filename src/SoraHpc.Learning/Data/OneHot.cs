using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>A column of categories becomes a column for each category, 1 where a row has it: 'colour' gives 'colour=3', …. They come after the columns that stay.
/// A category that the training share has not got gives zeros.</summary>
/// <param name="Sparse">Whether the result is sparse, as it should be for many categories.</param>
/// <param name="Columns">Which; at least one.</param>
public sealed record OneHot(bool Sparse, params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <inheritdoc/>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        if (Columns.Count == 0)
            throw new UsageException("one-hot encoding needs the names of its columns");
        IReadOnlyList<string> table = training.First().Columns;
        double[]?[] categories = new double[table.Count][];
        foreach (int place in PlacesIn(table))
            categories[place] = Categories.Of(ranks, training, place);
        return new Fitted(table, categories, Sparse);
    }

    private static IEnumerable<string> NamesOf(IReadOnlyList<string> table, double[]?[] categories) =>
        [.. table.Where((_, column) => categories[column] is null),
         .. table.SelectMany((name, column) => (categories[column] ?? []).Select(value => $"{name}={value.ToString(CultureInfo.InvariantCulture)}"))];

    private sealed class Fitted : FittedStep
    {
        private readonly double[]?[] categories;
        private readonly double[] numbers;
        private readonly bool isSparse;

        internal Fitted(IReadOnlyList<string> table, double[]?[] categories, bool isSparse) : base(table, [.. NamesOf(table, categories)])
        {
            (this.categories, this.isSparse) = (categories, isSparse);
            numbers = [isSparse ? 1 : 0, .. categories.SelectMany((values, column) => values is null ? [] : (double[])[column, values.Length, .. values])];
        }

        protected override ReadOnlySpan<double> Numbers => numbers;

        protected override DataParticle Change(DataParticle particle)
        {
            double[] row = new double[particle.Columns.Count];
            SparseRows rows = new(Output.Count);
            double[] dense = new double[isSparse ? 0 : particle.Count * Output.Count];
            for (int i = 0; i < particle.Count; i++)
            {
                particle.Features.CopyRow(i, row);
                if (isSparse)
                {
                    Encode(row, rows.Add);
                    rows.EndRow();
                }
                else
                    Encode(row, (column, value) => dense[i * Output.Count + column] = value);
            }
            return particle.With(Output, isSparse ? rows.ToFeatures() : new DenseFeatures(Output.Count, dense));
        }

        private void Encode(double[] row, Action<int, double> put)
        {
            int at = 0;
            for (int column = 0; column < row.Length; column++)
                if (categories[column] is null && (++at, row[column]) is (_, not 0))
                    put(at - 1, row[column]);
            for (int column = 0; column < row.Length; column++)
                if (categories[column] is { } values)
                {
                    if (Array.BinarySearch(values, row[column]) is >= 0 and int category)
                        put(at + category, 1);
                    at += values.Length;
                }
        }
    }
}
