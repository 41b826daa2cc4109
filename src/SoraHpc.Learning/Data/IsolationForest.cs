using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>Rows that few random cuts set apart from all others, looked at in all columns together. Every tree cuts a sample of the rows at random numbers of
/// random columns; a row's score is 2^(−E/c): E the mean depth it reaches, c the depth expected of a sample's rows. Near 1 a row stands out; about ½ it does not.</summary>
/// <remarks>Source: Liu, Ting and Zhou, Isolation Forest, ICDM 2008. Which rows are sampled and where they are cut depends on seed, tree and the rows' order alone:
/// the same forest for any partition. Rows have to be in ascending order over ranks.</remarks>
/// <param name="Treatment">What is done with the rows; not <see cref="OutlierTreatment.Clip"/>.</param>
/// <param name="Limit">Scores above it stand out; in (0, 1).</param>
/// <param name="Columns">Which; empty: all.</param>
public sealed record IsolationForest(OutlierTreatment Treatment, double Limit = 0.6, params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <summary>Trees, ≥ 1. Default: 100.</summary>
    public int Trees { get; init => field = value >= 1 ? value : throw new UsageException($"{value} trees: give 1 or more"); } = 100;

    /// <summary>Rows a tree is made of, ≥ 2; all there are where they are fewer. Default: 256.</summary>
    public int Sample { get; init => field = value >= 2 ? value : throw new UsageException($"trees of {value} rows: give 2 or more"); } = 256;

    /// <summary>Of samples and cuts. Default: 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <inheritdoc/>
    /// <exception cref="SoraException">There are fewer than two rows, a number is missing or infinite, or every row would be removed.</exception>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        if (Treatment == OutlierTreatment.Clip)
            throw new UsageException("an isolation forest finds rows, not numbers that could be clipped: flag or remove them");
        if (!(Limit is > 0 and < 1))
            throw new UsageException(FormattableString.Invariant($"scores above {Limit} stand out: give a limit between 0 and 1"));
        IReadOnlyList<string> table = training.First().Columns;
        int[] places = PlacesIn(table);
        IsolationSamples samples = IsolationSamples.Draw(ranks, training, places, Trees, Sample, Seed);
        IsolationTree[] trees = [.. Enumerable.Range(0, Trees).Select(tree => IsolationTree.Grow(samples.Of(tree), places.Length, Seed, tree))];
        return new FittedForest(table, places, trees, IsolationTree.MeanDepth(samples.Size), Limit, Treatment).Counted(ranks, training);
    }
}
