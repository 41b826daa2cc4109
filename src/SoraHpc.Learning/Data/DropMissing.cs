using SoraHpc.Communication;

namespace SoraHpc.Learning.Data;

/// <summary>Leaves out the rows that have no number in one of the columns.</summary>
public sealed record DropMissing(params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <inheritdoc/>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        IReadOnlyList<string> table = training.First().Columns;
        return new Fitted(table, [.. PlacesIn(table).Select(place => (double)place)]);
    }

    private sealed class Fitted(IReadOnlyList<string> columns, double[] places) : FittedStep(columns, columns)
    {
        protected override ReadOnlySpan<double> Numbers => places;

        protected override DataParticle Change(DataParticle particle)
        {
            double[] row = new double[particle.Columns.Count];
            List<int> whole = [];
            for (int i = 0; i < particle.Count; i++)
            {
                particle.Features.CopyRow(i, row);
                if (!Array.Exists(places, place => double.IsNaN(row[(int)place])))
                    whole.Add(i);
            }
            return particle.SelectRows([.. whole]);
        }
    }
}
