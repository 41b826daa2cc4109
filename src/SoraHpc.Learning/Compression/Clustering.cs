using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Compression;

/// <summary>Weights that share few values: the smallest in magnitude become 0, the others their cluster's mean.</summary>
/// <remarks>Local and deterministic: the same numbers give the same clusters on every rank. Source: Han, Mao and Dally, Deep Compression (2016), section 3;
/// Lloyd, Least squares quantization in PCM (1982).</remarks>
public static class Clustering
{
    private const int MostRounds = 60;

    /// <summary>Codes weights.</summary>
    /// <param name="weights">At least one.</param>
    /// <param name="pruned">Share of them that become 0, in [0, 1).</param>
    /// <param name="centres">Values the others may have, 1 to 255; with <paramref name="pruned"/> = 0 none is set to 0.</param>
    /// <exception cref="UsageException">A share or a number out of range.</exception>
    public static CodedTensor Of(ReadOnlySpan<float> weights, double pruned, int centres)
    {
        if (centres is < 1 or >= CodedTensor.MostCentres)
            throw new UsageException($"{centres} shared values: give 1 to {CodedTensor.MostCentres - 1}");
        bool[] kept = Pruning.Keep(weights, pruned);
        float[] sorted = [.. weights.ToArray().Where((_, i) => kept[i]).Order()];
        float[] means = [.. Means(sorted, centres).Distinct()];
        bool hasZero = kept.Contains(false);
        byte[] codes = new byte[weights.Length];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = (byte)(kept[i] ? Nearest(means, weights[i]) + (hasZero ? 1 : 0) : 0);
        return new(hasZero ? [0, .. means] : means, [1], codes, []);
    }

    // Clusters of sorted numbers are runs: a round moves the runs' ends. First centres at equal distances, as Han et al. found best.
    private static float[] Means(float[] sorted, int count)
    {
        if (sorted.Length == 0)
            return [0];
        float[] distinct = [.. sorted.Distinct()];
        if (distinct.Length <= count)
            return distinct;                                // shared already: they stay as they are
        (float least, float most) = (sorted[0], sorted[^1]);
        float[] means = [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0.5f * (least + most) : least + (most - least) * i / (count - 1))];
        double[] sums = new double[sorted.Length + 1];
        for (int i = 0; i < sorted.Length; i++)
            sums[i + 1] = sums[i] + sorted[i];
        bool moved = true;
        for (int round = 0; round < MostRounds && moved; round++)
        {
            moved = false;
            for (int cluster = 0, begin = 0; cluster < count; cluster++)
            {
                int end = cluster == count - 1 ? sorted.Length : EndOf(sorted, begin, 0.5f * (means[cluster] + means[cluster + 1]));
                float mean = end > begin ? (float)((sums[end] - sums[begin]) / (end - begin)) : means[cluster];
                moved |= mean != means[cluster];
                means[cluster] = mean;
                begin = end;
            }
        }
        return means;
    }

    private static int EndOf(float[] sorted, int begin, float limit)
    {
        int end = sorted.Length;
        while (begin < end)
        {
            int middle = begin + (end - begin) / 2;
            (begin, end) = sorted[middle] < limit ? (middle + 1, end) : (begin, middle);
        }
        return begin;
    }

    private static int Nearest(float[] means, float value)
    {
        int nearest = 0;
        for (int i = 1; i < means.Length; i++)
            if (Math.Abs(means[i] - value) < Math.Abs(means[nearest] - value))
                nearest = i;
        return nearest;
    }
}
