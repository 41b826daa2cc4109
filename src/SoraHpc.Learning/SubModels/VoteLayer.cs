using System.Numerics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.SubModels;

/// <summary>log((votes + mean probability) / (voters + 1)) of each class; while training log(mean probability).</summary>
/// <remarks>Both are logarithms of probabilities that sum to 1, so cross-entropy takes them as logits.</remarks>
internal sealed class VoteLayer<T>(int voters, int classes, int capacity) : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // No probability is so small that its logarithm is not finite, also in single precision.
    private const double Floor = 1e-30;

    private readonly T[] probabilities = new T[capacity * voters * classes], weight = new T[capacity * classes], slope = new T[classes];
    private readonly T share = T.One / T.CreateChecked(voters), floor = T.CreateChecked(Floor);

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        input.CopyTo(probabilities);
        for (int sample = 0; sample < pass.Samples; sample++)
        {
            Span<T> rows = probabilities.AsSpan(sample * voters * classes, voters * classes), weights = weight.AsSpan(sample * classes, classes);
            weights.Fill(floor);
            for (int voter = 0; voter < voters; voter++)
            {
                Span<T> row = rows.Slice(voter * classes, classes);
                SoftmaxLayer<T>.Normalise(row);
                for (int i = 0; i < classes; i++)
                    weights[i] += share * row[i];
            }
            if (!pass.IsTraining)
                Count(input.Slice(sample * voters * classes, voters * classes), weights);
            T all = pass.IsTraining ? T.One : T.CreateChecked(voters + 1);
            for (int i = 0; i < classes; i++)
                output[sample * classes + i] = T.Log(weights[i] / all);
        }
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (int row = 0; row < pass.Samples * voters; row++)
        {
            int sample = row / voters;
            ReadOnlySpan<T> probability = probabilities.AsSpan(row * classes, classes);
            T mean = T.Zero;
            for (int i = 0; i < classes; i++)
            {
                slope[i] = share * outputGradient[sample * classes + i] / weight[sample * classes + i];
                mean += probability[i] * slope[i];
            }
            for (int i = 0; i < classes; i++)
                inputGradient[row * classes + i] = probability[i] * (slope[i] - mean);
        }
    }

    private void Count(ReadOnlySpan<T> logits, Span<T> weights)
    {
        for (int voter = 0; voter < voters; voter++)
            weights[Training.LossKernel.LargestOf(logits.Slice(voter * classes, classes))] += T.One;
    }
}
