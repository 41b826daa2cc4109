using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Compression;

/// <summary>Which weights stay.</summary>
public static class Pruning
{
    /// <summary>Keeps the largest magnitudes; of equal ones those that come first. Local.</summary>
    /// <param name="weights">Any number.</param>
    /// <param name="share">Of the weights that go, in [0, 1).</param>
    /// <exception cref="UsageException">A share out of range.</exception>
    public static bool[] Keep(ReadOnlySpan<float> weights, double share)
    {
        if (!(share is >= 0 and < 1))
            throw new UsageException(FormattableString.Invariant($"{share} of the weights cannot be pruned: give a share in [0, 1)"));
        float[] magnitudes = [.. weights.ToArray().Select(Math.Abs)];
        bool[] kept = new bool[weights.Length];
        foreach (int i in Enumerable.Range(0, weights.Length).OrderByDescending(i => magnitudes[i]).Take(weights.Length - (int)(share * weights.Length)))   // stable
            kept[i] = true;
        return kept;
    }

    /// <summary>The weights, those that go set to 0. Local.</summary>
    /// <inheritdoc cref="Keep"/>
    public static float[] Apply(ReadOnlySpan<float> weights, double share)
    {
        bool[] kept = Keep(weights, share);
        return [.. weights.ToArray().Select((weight, i) => kept[i] ? weight : 0)];
    }
}
