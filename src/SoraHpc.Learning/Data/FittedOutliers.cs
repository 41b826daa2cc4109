using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>A step that knows what stands out. Local.</summary>
public abstract class FittedOutliers : FittedStep
{
    /// <summary>The column of <see cref="OutlierTreatment.Flag"/>, the last one.</summary>
    public const string FlagName = "outlier";

    private readonly OutlierTreatment treatment;

    private protected FittedOutliers(IReadOnlyList<string> table, OutlierTreatment treatment) : base(table, treatment == OutlierTreatment.Flag ? [.. table, FlagName] : table) =>
        this.treatment = treatment;

    /// <summary>What stood out of the training share.</summary>
    public OutlierReport Report { get; private set; } = new(0, 0, [], []);

    /// <summary>Whether each row of a particle with the columns the step was fitted to stands out.</summary>
    public abstract bool[] Find(DataParticle particle);

    /// <summary>Goes through the training share once more and counts. Collective.</summary>
    /// <exception cref="SoraException">Every row would be removed.</exception>
    private protected FittedOutliers Counted(Communicator ranks, IEnumerable<DataParticle> training, int[] looked, Action<DataParticle, long[]>? count)
    {
        long[] counts = new long[2 + (count is null ? 0 : looked.Length)];      // rows, rows that stand out, then of every column
        foreach (DataParticle particle in training)
        {
            counts[0] += particle.Count;
            counts[1] += Find(particle).Count(stands => stands);
            count?.Invoke(particle, counts);
        }
        ranks.Allreduce<long>(counts, ReduceOperation.Sum);
        IReadOnlyList<string> table = training.First().Columns;
        Report = new(counts[0], counts[1], [.. looked.Select(place => table[place])], counts[2..]);
        return treatment != OutlierTreatment.Remove || counts[1] < counts[0] ? this
            : throw new SoraException($"all {counts[0]} rows stand out and would be removed: take a larger limit, or fewer columns");
    }

    /// <inheritdoc/>
    protected override DataParticle Change(DataParticle particle) => treatment switch
    {
        OutlierTreatment.Flag => Flagged(particle),
        OutlierTreatment.Remove => Kept(particle),
        _ => Clipped(particle),
    };

    private protected virtual DataParticle Clipped(DataParticle particle) => particle;

    private DataParticle Kept(DataParticle particle)
    {
        bool[] stands = Find(particle);
        return particle.SelectRows([.. Enumerable.Range(0, particle.Count).Where(row => !stands[row])]);
    }

    private DataParticle Flagged(DataParticle particle)
    {
        bool[] stands = Find(particle);
        int columns = particle.Columns.Count;
        double[] numbers = new double[particle.Count * (columns + 1)];
        for (int row = 0; row < particle.Count; row++)
        {
            particle.Features.CopyRow(row, numbers.AsSpan(row * (columns + 1), columns));
            numbers[row * (columns + 1) + columns] = stands[row] ? 1 : 0;
        }
        return particle.With(Output, new DenseFeatures(columns + 1, numbers));
    }
}
