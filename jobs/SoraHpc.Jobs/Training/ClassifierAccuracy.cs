using SoraHpc.Communication;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>How many of some images a classifier reads rightly, whatever computes it: counts are whole, and micro-batches are the strata's, so the answer
/// does not depend on ranks.</summary>
/// <param name="communicator">All ranks.</param>
/// <param name="images">This rank's strata of them.</param>
/// <param name="own">The strata, from the first to before the last.</param>
/// <param name="training">Strata and micro-batches.</param>
internal sealed class ClassifierAccuracy(Communicator communicator, SampleTable<float> images, (int First, int End) own, TrainingOptions training)
{
    private readonly Strata strata = new(images.Count, training.Strata, training.MicroBatch);
    private readonly float[] inputs = new float[training.MicroBatch * images.Shape.Elements], targets = new float[training.MicroBatch];
    private readonly long[] indices = new long[training.MicroBatch];

    /// <summary>What a network makes of a micro-batch.</summary>
    internal delegate ReadOnlySpan<float> Forward(in Pass pass, ReadOnlySpan<float> input);

    /// <summary>Images of all ranks.</summary>
    internal long Count => images.Count;

    /// <summary>Share that is read rightly. Collective.</summary>
    internal double Of(Forward forward)
    {
        long right = 0;
        for (int stratum = own.First; stratum < own.End; stratum++)
            for (long begin = strata.Begin(stratum); begin < strata.Begin(stratum + 1); begin += indices.Length)
                right += RightOf(forward, begin, (int)Math.Min(indices.Length, strata.Begin(stratum + 1) - begin));
        return (double)communicator.Allreduce(right, ReduceOperation.Sum) / images.Count;
    }

    private int RightOf(Forward forward, long begin, int count)
    {
        for (int i = 0; i < count; i++)
            indices[i] = begin + i;
        Span<float> input = inputs.AsSpan(0, count * images.Shape.Elements);
        images.Read(indices.AsSpan(0, count), input, targets.AsSpan(0, count));
        ReadOnlySpan<float> logits = forward(new Pass(indices.AsSpan(0, count), isTraining: false), input);
        int right = 0, classes = logits.Length / count;
        for (int i = 0; i < count; i++)
            right += LossKernel.LargestOf(logits.Slice(i * classes, classes)) == (int)targets[i] ? 1 : 0;
        return right;
    }
}
