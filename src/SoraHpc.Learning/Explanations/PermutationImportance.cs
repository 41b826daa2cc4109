using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Explanations;

/// <summary>What a model loses when features are given to other samples than their own: whatever computes it, from outside. The same bits on any number of ranks.</summary>
/// <remarks>Features that tell the same are each unimportant beside the other: put them into one group. Source: Breiman, Random Forests, Machine Learning 45 (2001),
/// section 10; groups as in Fisher, Rudin and Dominici, J. Mach. Learn. Res. 20 (2019).</remarks>
public static class PermutationImportance
{
    // Streams of a seed above those of orders and parameters.
    private const ulong Stream = 1UL << 52;

    /// <summary>Looks at the samples as they are, and then for every group so often with the group's columns permuted over all samples of all ranks. Collective.</summary>
    /// <param name="share">The samples; those the model has not learnt from tell what it needs, those it has learnt from what it uses.</param>
    /// <param name="groups">What is permuted together; the same on every rank.</param>
    /// <param name="judge">Loss and rightness over such samples, such as <see cref="Trainer{T}.Evaluate"/>; collective, and called by all ranks.</param>
    /// <param name="repeats">Permutations of each group, ≥ 1. Default: 5.</param>
    /// <param name="seed">Of the permutations.</param>
    /// <returns>One for each group, in their order.</returns>
    public static Importance[] Measure<T>(SampleShare<T> share, IReadOnlyList<FeatureGroup> groups, Func<ISamples<T>, Evaluation> judge, int repeats = 5, ulong seed = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (repeats < 1)
            throw new UsageException($"{repeats} permutations of each feature: give 1 or more");
        foreach (FeatureGroup group in groups)
            if (group.Columns.Length == 0 || group.Columns.Distinct().Count() < group.Columns.Length || group.Columns.Any(column => (uint)column >= (uint)share.Samples.Shape.Elements))
                throw new UsageException($"{group.Name}: columns {string.Join(", ", group.Columns)} are none of samples of {share.Samples.Shape}: give each once, from 0 to {share.Samples.Shape.Elements - 1}");
        Evaluation asIs = judge(share.Samples);
        PermutedSamples<T> permuted = new(share);
        return [.. groups.Select((group, number) => Measure(share, permuted, group, number, judge, asIs, repeats, seed))];
    }

    /// <summary>The permutation of a group's repeat: row i of a permuted set has the columns of row <see cref="RowPermutation.At"/>(i).</summary>
    public static RowPermutation PermutationOf(long rows, int group, int repeat, ulong seed = 1) => new(rows, seed, Stream | (ulong)group << 20 | (uint)repeat);

    private static Importance Measure<T>(SampleShare<T> share, PermutedSamples<T> permuted, FeatureGroup group, int number, Func<ISamples<T>, Evaluation> judge, Evaluation asIs, int repeats, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] losses = new double[repeats];
        double accuracy = 0;
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            permuted.Permute(group.Columns, PermutationOf(share.Samples.Count, number, repeat, seed));
            Evaluation without = judge(permuted);
            losses[repeat] = without.Loss - asIs.Loss;
            accuracy += (asIs.Accuracy - without.Accuracy) / repeats;
        }
        double mean = losses.Sum() / repeats, squares = losses.Sum(loss => (loss - mean) * (loss - mean));
        return new(group.Name, mean, repeats > 1 ? Math.Sqrt(squares / (repeats - 1)) : 0, accuracy);
    }
}
