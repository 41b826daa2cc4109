using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Explanations;

/// <summary>Which classes are taken for which.</summary>
public static class ConfusionMatrix
{
    /// <summary>Counts samples by what they are (rows) and by the largest number of their prediction (columns). Collective.</summary>
    /// <param name="share">The samples: the first target is the class, a whole number from 0.</param>
    /// <param name="network">What predicts: a logit for each class; the same numbers on every rank.</param>
    /// <returns>Classes × classes, on every rank.</returns>
    /// <exception cref="SoraException">A label is none of the classes; the line names the sample.</exception>
    public static long[,] Of<T>(SampleShare<T> share, Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        share.Check(network);
        int classes = network.Model.Output.Elements;
        long[] counts = new long[classes * classes];
        share.Visit(network.Capacity, (stratum, in pass, inputs, targets) =>
        {
            ReadOnlySpan<T> predicted = network.Forward(pass, inputs);
            for (int i = 0; i < pass.Samples; i++)
            {
                T given = targets[i * share.Samples.Targets];
                int label = int.CreateSaturating(given);
                if ((uint)label >= (uint)classes || T.CreateTruncating(label) != given)
                    throw new SoraException(FormattableString.Invariant($"sample {pass.Indices[i]}: {given} is no label; labels are whole numbers from 0 to {classes - 1}"));
                counts[label * classes + LossKernel.LargestOf(predicted.Slice(i * classes, classes))]++;
            }
        });
        share.Communicator.Allreduce<long>(counts, ReduceOperation.Sum);
        long[,] matrix = new long[classes, classes];
        Buffer.BlockCopy(counts, 0, matrix, 0, counts.Length * sizeof(long));
        return matrix;
    }
}
