using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>One step of a <see cref="Pipeline"/>: what cleaning or encoding does, before it has seen data.</summary>
/// <param name="Columns">The columns it works on; empty: all there are when it is fitted.</param>
public abstract record Step(IReadOnlyList<string> Columns)
{
    /// <summary>Learns from the training share what the step needs to know. Collective; the same on every rank.</summary>
    /// <param name="ranks">All that have particles.</param>
    /// <param name="training">This rank's particles, gone through as often as needed; at least one, which may be empty.</param>
    /// <exception cref="SoraException">A column is missing, or has numbers the step cannot take; the line says where.</exception>
    public abstract FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training);

    /// <summary>The places of <see cref="Columns"/> among a table's; in the table's order where all are meant.</summary>
    /// <exception cref="UsageException">One is not there.</exception>
    protected int[] PlacesIn(IReadOnlyList<string> table) => Columns.Count == 0 ? [.. Enumerable.Range(0, table.Count)] : [.. Columns.Select(name => PlaceOf(name, table))];

    internal static int PlaceOf(string name, IReadOnlyList<string> table)
    {
        for (int i = 0; i < table.Count; i++)
            if (table[i] == name)
                return i;
        throw new UsageException($"there is no column '{name}'; there are {string.Join(", ", table.Take(20))}{(table.Count > 20 ? ", …" : "")}");
    }
}
