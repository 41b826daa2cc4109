using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.Training;

/// <summary>Losses and their gradients, for a micro-batch at a time.</summary>
public static class LossKernel
{
    /// <summary>Numbers a sample's target has.</summary>
    /// <exception cref="UsageException">Such a loss does not go with outputs of this shape.</exception>
    public static int TargetsFor(Loss loss, Shape output) => loss switch
    {
        Loss.MeanSquaredError => output.Elements,
        Loss.CrossEntropy when output.Elements >= 2 => 1,
        Loss.Logistic when output.Elements == 1 => 1,
        Loss.CrossEntropy => throw new UsageException($"cross-entropy needs a logit for each of two classes or more, and the model gives {output}: take the logistic loss for one"),
        Loss.Logistic => throw new UsageException($"the logistic loss needs one logit, and the model gives {output}: take cross-entropy for several"),
        _ => throw new UsageException($"there is no loss {loss}"),
    };

    /// <summary>Losses of all samples, added up in their order, and their gradient.</summary>
    /// <param name="loss">Which.</param>
    /// <param name="outputs">Numbers of one sample's prediction.</param>
    /// <param name="predictions">Samples × outputs.</param>
    /// <param name="targets">Samples × targets; classes were checked to be in range.</param>
    /// <param name="gradient">∂Σloss/∂prediction, as long as <paramref name="predictions"/>.</param>
    /// <param name="isWeighted">Whether a sample's last target is the weight of its loss.</param>
    public static double Evaluate<T>(Loss loss, int outputs, ReadOnlySpan<T> predictions, ReadOnlySpan<T> targets, Span<T> gradient, bool isWeighted = false) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        int each = predictions.IsEmpty ? 0 : targets.Length / (predictions.Length / outputs);
        for (int begin = 0; begin < predictions.Length; begin += outputs, targets = targets[each..])
        {
            ReadOnlySpan<T> prediction = predictions.Slice(begin, outputs);
            Span<T> slope = gradient.Slice(begin, outputs);
            double own = loss switch
            {
                Loss.CrossEntropy => CrossEntropy(prediction, int.CreateTruncating(targets[0]), slope),
                Loss.Logistic => Logistic(double.CreateTruncating(prediction[0]), double.CreateTruncating(targets[0]), slope),
                _ => SquaredError(prediction, targets[..outputs], slope),
            };
            if (isWeighted)
            {
                own *= double.CreateTruncating(targets[each - 1]);
                Elementwise.Scale(slope, targets[each - 1]);
            }
            sum += own;
        }
        return sum;
    }

    /// <summary>Whether a sample's prediction is right: its largest logit, or the sign of its only one. False for a loss without classes.</summary>
    public static bool IsRight<T>(Loss loss, ReadOnlySpan<T> prediction, T target) where T : unmanaged, IBinaryFloatingPointIeee754<T> => loss switch
    {
        Loss.CrossEntropy => LargestOf(prediction) == int.CreateTruncating(target),
        Loss.Logistic => prediction[0] > T.Zero == target > T.CreateChecked(0.5),
        _ => false,
    };

    /// <summary>The place of the largest number, the first of equals.</summary>
    public static int LargestOf<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[largest])
                largest = i;
        return largest;
    }

    // log Σ eˣ − x of the class: no exponential can overflow, and no probability is rounded to 0 before its logarithm.
    private static double CrossEntropy<T>(ReadOnlySpan<T> logits, int label, Span<T> slope) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        logits.CopyTo(slope);
        T loss = SoftmaxLayer<T>.Normalise(slope) - logits[label];
        slope[label] -= T.One;
        return double.CreateTruncating(loss);
    }

    private static double Logistic<T>(double logit, double target, Span<T> slope) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double small = Math.Exp(-Math.Abs(logit)), probability = (logit >= 0 ? 1 : small) / (1 + small);
        slope[0] = T.CreateTruncating(probability - target);
        return Math.Max(logit, 0) - logit * target + double.LogP1(small);
    }

    private static double SquaredError<T>(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, Span<T> slope) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 0; i < prediction.Length; i++)
        {
            double error = double.CreateTruncating(prediction[i] - target[i]);
            sum += error * error;
            slope[i] = T.CreateTruncating(2 * error / prediction.Length);
        }
        return sum / prediction.Length;
    }
}
