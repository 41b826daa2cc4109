using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>Several kinds of features of the same rows. Local.</summary>
public static class Fusion
{
    /// <summary>Early: all columns of all groups side by side, called 'group.column'; labels and weights are the first's. Sparse only where all are.</summary>
    /// <param name="groups">Of the same rows; at least one.</param>
    /// <exception cref="SoraException">Rows differ; the line says which.</exception>
    public static DataParticle Concatenate(params IReadOnlyList<(string Name, DataParticle Particle)> groups)
    {
        if (groups.Count == 0)
            throw new UsageException("nothing to fuse: give one group of features or more");
        DataParticle first = groups[0].Particle;
        foreach ((string name, DataParticle particle) in groups)
            if (!particle.Rows.SequenceEqual(first.Rows))
                throw new SoraException($"the features '{name}' are not of the same rows as '{groups[0].Name}': {particle.Count} and {first.Count} rows, the first that differ at place {particle.Rows.CommonPrefixLength(first.Rows)}");
        string[] names = [.. groups.SelectMany(group => group.Particle.Columns.Select(column => $"{group.Name}.{column}"))];
        double[] row = new double[names.Length], numbers = new double[names.Length * first.Count];
        bool isSparse = groups.All(group => group.Particle.Features is SparseFeatures);
        SparseRows rows = new(names.Length);
        for (int i = 0; i < first.Count; i++)
        {
            int at = 0;
            foreach ((_, DataParticle particle) in groups)
            {
                if (isSparse && particle.Features is SparseFeatures sparse)
                    for (int entry = 0; entry < sparse.Indices(i).Length; entry++)
                        rows.Add(at + sparse.Indices(i)[entry], sparse.Values(i)[entry]);
                else
                    particle.Features.CopyRow(i, numbers.AsSpan(i * names.Length + at, particle.Columns.Count));
                at += particle.Columns.Count;
            }
            rows.EndRow();
        }
        return first.With(names, isSparse ? rows.ToFeatures() : new DenseFeatures(names.Length, numbers));
    }

    /// <summary>Late: the scores that several models give the same rows, as one weighted mean.</summary>
    /// <param name="scores">One array of equal length for every model; at least one.</param>
    /// <param name="weights">One for every model, ≥ 0, not all 0; they need not add up to 1.</param>
    public static double[] Scores(IReadOnlyList<double[]> scores, ReadOnlySpan<double> weights)
    {
        double total = 0;
        foreach (double weight in weights)
            total += weight >= 0 ? weight : double.NaN;
        if (scores.Count == 0 || scores.Count != weights.Length || !(total > 0 && double.IsFinite(total)) || scores.Any(model => model.Length != scores[0].Length))
            throw new UsageException($"{scores.Count} models' scores and {weights.Length} weights: give as many weights as models, 0 or more and not all 0, and scores of the same rows");
        double[] fused = new double[scores[0].Length];
        for (int model = 0; model < scores.Count; model++)
            for (int i = 0; i < fused.Length; i++)
                fused[i] += weights[model] / total * scores[model][i];
        return fused;
    }
}
