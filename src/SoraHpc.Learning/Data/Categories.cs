using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.Data;

/// <summary>The different numbers that a column of categories has.</summary>
internal static class Categories
{
    private const int Most = 65_536;

    /// <summary>All that occur on any rank, ascending. Collective; the same on every rank.</summary>
    /// <exception cref="SoraException">One is missing, or there are too many.</exception>
    internal static double[] Of(Communicator ranks, IEnumerable<DataParticle> particles, int column)
    {
        SortedSet<double> own = [];
        double[] values = [];
        foreach (DataParticle particle in particles)
        {
            Array.Resize(ref values, particle.Count);
            particle.Features.CopyColumn(column, values);
            if (Elementwise.FirstNotFinite<double>(values) is >= 0 and int row)
                throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"row {particle.Rows[row]}, column '{particle.Columns[column]}': {values[row]} is no category; fill or drop missing numbers first"));
            own.UnionWith(values);
            CheckNumber(own.Count, particle.Columns[column]);
        }
        double[] all = [.. new SortedSet<double>(ranks.Allgatherv<double>([.. own]))];
        CheckNumber(all.Length, particles.First().Columns[column]);
        return all;
    }

    /// <summary>The different labels on any rank, ascending; none where there are no labels. Collective.</summary>
    internal static double[] OfLabels(Communicator ranks, IEnumerable<DataParticle> particles)
    {
        SortedSet<double> own = [];
        foreach (DataParticle particle in particles)
        {
            own.UnionWith(particle.Labels.ToArray());
            CheckNumber(own.Count, "label");
        }
        return [.. new SortedSet<double>(ranks.Allgatherv<double>([.. own]))];
    }

    private static void CheckNumber(int count, string column)
    {
        if (count > Most)
            throw new SoraException($"column '{column}' has more than {Most} different numbers, too many for categories: hash it instead");
    }
}
