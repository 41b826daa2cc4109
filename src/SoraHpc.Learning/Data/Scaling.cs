using System.Globalization;
using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>(x − shift) / divisor, for every column its own: what standardising and scaling to a range come to.</summary>
internal sealed class Scaling : FittedStep
{
    private readonly double[] numbers;
    private readonly int columns;

    /// <param name="names">The columns.</param>
    /// <param name="shifts">One for each.</param>
    /// <param name="divisors">One for each, not 0.</param>
    internal Scaling(IReadOnlyList<string> names, double[] shifts, double[] divisors) : base(names, names) => (numbers, columns) = ([.. shifts, .. divisors], names.Count);

    /// <inheritdoc/>
    protected override ReadOnlySpan<double> Numbers => numbers;

    /// <summary>Whether a step that needs numbers has them.</summary>
    /// <exception cref="SoraException">A number is missing or infinite; the line says where.</exception>
    internal static void CheckFinite(DataParticle particle, ReadOnlySpan<int> places, string step)
    {
        double[] column = new double[particle.Count];
        foreach (int place in places)
        {
            particle.Features.CopyColumn(place, column);
            if (Array.FindIndex(column, value => !double.IsFinite(value)) is >= 0 and int row)
                throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"row {particle.Rows[row]}, column '{particle.Columns[place]}': {step} cannot take {column[row]}; fill or drop missing numbers first"));
        }
    }

    /// <summary>Statistics of columns whose numbers in <paramref name="places"/> a step needs. Collective.</summary>
    /// <exception cref="SoraException">A number is missing or infinite; the line says where.</exception>
    internal static ColumnStatistics StatisticsOf(Communicator ranks, IEnumerable<DataParticle> training, int[] places, string step, bool withVariances = true) =>
        ColumnStatistics.Of(ranks, training.Select(particle =>
        {
            CheckFinite(particle, places, step);
            return particle;
        }), withVariances);

    /// <inheritdoc/>
    protected override DataParticle Change(DataParticle particle)
    {
        if (particle.Features is SparseFeatures sparse)
            return particle.With(Output, Scale(sparse));
        double[] scaled = new double[particle.Count * columns];
        for (int row = 0; row < particle.Count; row++)
            Scale(particle.Features.ToDense().Row(row), scaled.AsSpan(row * columns, columns));
        return particle.With(Output, new DenseFeatures(columns, scaled));
    }

    // 8 B read and 8 B written a number; shifts and divisors stay in the cache.
    private void Scale(ReadOnlySpan<double> row, Span<double> into)
    {
        ReadOnlySpan<double> shifts = numbers.AsSpan(0, columns), divisors = numbers.AsSpan(columns);
        int i = 0;
        for (; i <= row.Length - Vector<double>.Count; i += Vector<double>.Count)
            ((new Vector<double>(row[i..]) - new Vector<double>(shifts[i..])) / new Vector<double>(divisors[i..])).CopyTo(into[i..]);
        for (; i < row.Length; i++)
            into[i] = (row[i] - shifts[i]) / divisors[i];
    }

    private SparseFeatures Scale(SparseFeatures sparse)
    {
        for (int column = 0; column < columns; column++)
            if (numbers[column] != 0)
                throw new SoraException($"column '{Output[column]}' is sparse, and taking {numbers[column].ToString(CultureInfo.InvariantCulture)} from it would fill it: standardise without centring");
        double[] values = sparse.AllValues.ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] /= numbers[columns + sparse.AllIndices[i]];
        return sparse.With(values);
    }
}
