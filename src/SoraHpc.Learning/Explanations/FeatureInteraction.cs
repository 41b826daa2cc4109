using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Graph;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.Explanations;

/// <summary>How much of what two features do together is more than the sum of what each does alone. The same bits on any number of ranks.</summary>
/// <remarks>H² = Σ (F_jk − F_j − F_k)² / Σ F_jk² over some samples' values, F the centred partial dependences: 0 for a model that adds up, 1 where the features act through each
/// other alone. Source: Friedman and Popescu, Predictive Learning via Rule Ensembles, Ann. Appl. Stat. 2 (2008), equation 44.</remarks>
public static class FeatureInteraction
{
    /// <summary>H of every pair of features. Takes points·(features + pairs) forward passes over all samples: for models of some ten features. Collective.</summary>
    /// <param name="share">The samples.</param>
    /// <param name="network">What predicts; the same numbers on every rank.</param>
    /// <param name="output">Which number of its prediction.</param>
    /// <param name="columns">The features.</param>
    /// <param name="points">Samples, evenly spread, at whose values the dependences are taken, ≥ 2. Default: 20.</param>
    /// <returns>Features × features, symmetric, 0 on the diagonal; 0 too where a pair changes nothing. On every rank.</returns>
    public static double[,] Of<T>(SampleShare<T> share, Network<T> network, int output, int[] columns, int points = 20) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        share.Check(network);
        if (Array.Exists(columns, column => (uint)column >= (uint)share.Samples.Shape.Elements))
            throw new UsageException($"columns {string.Join(", ", columns)} of samples of {share.Samples.Shape}: give numbers from 0 to {share.Samples.Shape.Elements - 1}");
        if (points < 2)
            throw new UsageException($"an interaction at {points} points: give 2 or more");
        int count = (int)Math.Min(points, share.Samples.Count);
        T[][] values = [.. share.Gather([.. Enumerable.Range(0, count).Select(i => i * share.Samples.Count / count)]).Inputs.Chunk(share.Samples.Shape.Elements)];
        double[] Dependence(params int[] places) =>
            Centred(PartialDependence.Of(share, network, output, [.. places.Select(place => columns[place])], [.. values.Select(row => (T[])[.. places.Select(place => row[columns[place]])])]));
        double[][] alone = [.. columns.Select((_, place) => Dependence(place))];
        double[,] strength = new double[columns.Length, columns.Length];
        for (int j = 0; j < columns.Length; j++)
            for (int k = j + 1; k < columns.Length; k++)
                strength[j, k] = strength[k, j] = Strength(Dependence(j, k), alone[j], alone[k]);
        return strength;
    }

    /// <summary>Features as particles, joined where they interact at least so much; weights are H. Local.</summary>
    /// <param name="strength">Of <see cref="Of"/>.</param>
    /// <param name="least">> 0.</param>
    public static ParticleGraph GraphOf(double[,] strength, double least) => least > 0
        ? new(strength.GetLength(0), from j in Enumerable.Range(0, strength.GetLength(0)) from k in Enumerable.Range(j + 1, strength.GetLength(0) - j - 1) where strength[j, k] >= least select (j, k, strength[j, k]))
        : throw new UsageException(FormattableString.Invariant($"features that interact at least {least}: give a number above 0"));

    private static double Strength(double[] together, double[] first, double[] second)
    {
        double more = 0, all = 0;
        for (int i = 0; i < together.Length; i++)
        {
            double rest = together[i] - first[i] - second[i];
            more += rest * rest;
            all += together[i] * together[i];
        }
        return all > 0 ? Math.Sqrt(more / all) : 0;
    }

    private static double[] Centred(double[] values)
    {
        double mean = values.Sum() / values.Length;
        return [.. values.Select(value => value - mean)];
    }
}
