using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>Leaves columns out.</summary>
/// <param name="Columns">Which; not all there are.</param>
public sealed record DropColumns(params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <inheritdoc/>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        IReadOnlyList<string> table = training.First().Columns;
        int[] dropped = Columns.Count == 0 ? [] : PlacesIn(table), kept = [.. Enumerable.Range(0, table.Count).Except(dropped)];
        return kept.Length > 0 ? new KeptColumns(table, kept) : throw new UsageException("all columns would be dropped, and none left to learn from");
    }
}
