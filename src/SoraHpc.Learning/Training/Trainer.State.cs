using SoraHpc.Communication;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Learning.Training;

// What a training is between two steps: enough to go on with the same bits on any number of ranks.
public sealed partial class Trainer<T>
{
    /// <summary>Hands over all that steps to come depend on. Collective.</summary>
    public void Save(CheckpointWriter checkpoint)
    {
        double[] loss = new double[epochLoss.Length], right = new double[epochRight.Length];
        communicator.Allreduce<double>(epochLoss, loss, ReduceOperation.Sum);       // each is one rank's own and 0 elsewhere
        communicator.Allreduce<double>(epochRight, right, ReduceOperation.Sum);
        checkpoint.AddShared<double>("progress", [Step, bestLoss, epochsWithoutGain]);
        checkpoint.AddShared<double>("epoch-loss", loss);
        checkpoint.AddShared<double>("epoch-right", right);
        checkpoint.AddShared<T>("parameters", Network.Values.Span);
        for (int i = 0; i < moments.Length; i++)
            checkpoint.AddShared<T>($"moment-{i}", moments[i]);
        if (best.Length > 0)
            checkpoint.AddShared<T>("best", best);
        checkpoint.AddShared<double>("history", history.SelectMany(report => report.Numbers).ToArray());
    }

    /// <summary>Takes back what <see cref="Save"/> handed over. Collective.</summary>
    public void Restore(CheckpointReader checkpoint)
    {
        double[] progress = checkpoint.ReadShared<double>("progress"), loss = checkpoint.ReadShared<double>("epoch-loss"), right = checkpoint.ReadShared<double>("epoch-right");
        (Step, bestLoss, epochsWithoutGain) = ((long)progress[0], progress[1], (int)progress[2]);
        foreach (int stratum in gradient.Own)
            (epochLoss[stratum], epochRight[stratum]) = (loss[stratum], right[stratum]);
        checkpoint.ReadShared<T>("parameters").CopyTo(Network.Values);
        for (int i = 0; i < moments.Length; i++)
            checkpoint.ReadShared<T>($"moment-{i}").CopyTo(moments[i], 0);
        if (best.Length > 0)
            checkpoint.ReadShared<T>("best").CopyTo(best, 0);
        history.Clear();
        history.AddRange(checkpoint.ReadShared<double>("history").Chunk(EpochReport.Length).Select(numbers => EpochReport.Of(numbers)));
        if (Step % StepsPerEpoch != 0)
            gradient.Shuffle((int)(Step / StepsPerEpoch), Options.Seed);
    }
}
