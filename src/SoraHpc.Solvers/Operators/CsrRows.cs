using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Operators;

/// <summary>One rank's rows of a sparse matrix, compressed; columns by their global numbers, ascending in every row.</summary>
/// <param name="Starts">Where each row's entries begin and, after the last row, how many there are.</param>
/// <param name="Columns">Global columns.</param>
/// <param name="Values">As many.</param>
internal sealed record CsrRows(int[] Starts, long[] Columns, double[] Values)
{
    /// <summary>Sorts entries of this rank's rows; those of the same place are added in the order given.</summary>
    /// <exception cref="UsageException">A row is another rank's, a column is outside the matrix.</exception>
    internal static CsrRows From(VectorLayout layout, ReadOnlySpan<Triplet> entries)
    {
        foreach (Triplet entry in entries)
        {
            if (entry.Row < layout.Begin || entry.Row >= layout.Begin + layout.LocalLength)
                throw new UsageException($"entry ({entry.Row}, {entry.Column}) was given on rank {layout.Communicator.WorldRank}, which holds {layout.LocalLength} rows from {layout.Begin} on: give an entry on the rank of its row");
            if (entry.Column < 0 || entry.Column >= layout.Length)
                throw new UsageException($"entry ({entry.Row}, {entry.Column}) is outside a matrix of {layout.Length} columns");
        }
        // OrderBy is stable, so entries of one place stay in their order and their sum keeps its bits.
        Triplet[] sorted = [.. entries.ToArray().OrderBy(entry => entry.Row).ThenBy(entry => entry.Column)];
        int[] starts = new int[layout.LocalLength + 1];
        List<long> columns = new(sorted.Length);
        List<double> values = new(sorted.Length);
        for (int i = 0; i < sorted.Length; i++)
            if (i > 0 && sorted[i].Row == sorted[i - 1].Row && sorted[i].Column == sorted[i - 1].Column)
                values[^1] += sorted[i].Value;
            else
            {
                columns.Add(sorted[i].Column);
                values.Add(sorted[i].Value);
                starts[sorted[i].Row - layout.Begin + 1]++;
            }
        for (int row = 0; row < layout.LocalLength; row++)
            starts[row + 1] += starts[row];
        return new(starts, [.. columns], [.. values]);
    }
}
