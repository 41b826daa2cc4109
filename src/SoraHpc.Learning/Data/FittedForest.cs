using SoraHpc.Communication;

namespace SoraHpc.Learning.Data;

/// <summary>An isolation forest that has grown. Local.</summary>
public sealed class FittedForest : FittedOutliers
{
    private readonly int[] places;
    private readonly IsolationTree[] trees;
    private readonly double meanDepth, limit;
    private readonly double[] numbers;

    internal FittedForest(IReadOnlyList<string> table, int[] places, IsolationTree[] trees, double meanDepth, double limit, OutlierTreatment treatment) : base(table, treatment)
    {
        (this.places, this.trees, this.meanDepth, this.limit) = (places, trees, meanDepth, limit);
        numbers = [(double)treatment, limit, meanDepth, .. places.Select(place => (double)place), .. trees.SelectMany(tree => tree.Numbers)];
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<double> Numbers => numbers;

    /// <summary>The score of every row of a particle, in (0, 1).</summary>
    // A tree of 256 rows is at most 511 nodes of 16 B; a row goes through all trees while it is in the first-level cache.
    public double[] Scores(DataParticle particle)
    {
        Scaling.CheckFinite(particle, places, nameof(IsolationForest));
        double[] scores = new double[particle.Count], row = new double[particle.Columns.Count], looked = new double[places.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            particle.Features.CopyRow(i, row);
            for (int place = 0; place < places.Length; place++)
                looked[place] = row[places[place]];
            double depth = 0;
            foreach (IsolationTree tree in trees)
                depth += tree.DepthOf(looked);
            scores[i] = Math.Pow(2, -depth / trees.Length / meanDepth);
        }
        return scores;
    }

    /// <inheritdoc/>
    public override bool[] Find(DataParticle particle) => [.. Scores(particle).Select(score => score > limit)];

    internal FittedOutliers Counted(Communicator ranks, IEnumerable<DataParticle> training) => Counted(ranks, training, places, count: null);
}
