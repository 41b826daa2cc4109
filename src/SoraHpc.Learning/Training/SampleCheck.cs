using System.Globalization;
using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.Training;

/// <summary>Looks at samples before anything is learnt from them.</summary>
public static class SampleCheck
{
    /// <summary>Whether samples, model and loss go together. Local; the same on every rank.</summary>
    /// <exception cref="UsageException">They do not; the line names both shapes.</exception>
    public static void Shapes<T>(ISamples<T> samples, Model model, Loss loss) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (samples.Count < 1)
            throw new UsageException("there are no samples to learn from");
        if (!samples.Shape.Equals(model.Input))
            throw new UsageException($"samples are {samples.Shape}, and the model takes {model.Input}");
        int targets = LossKernel.TargetsFor(loss, model.Output);
        if (samples.Targets != targets)
            throw new UsageException($"samples have {samples.Targets} target{(samples.Targets == 1 ? "" : "s")} each, and {Name(loss)} of {model.Output} outputs needs {targets}");
    }

    /// <summary>Whether features are finite and labels in range, for samples [begin, end). Local: whoever finds one that is not tells which.</summary>
    /// <exception cref="SoraException">One is not; the line names sample and value.</exception>
    public static void Values<T>(ISamples<T> samples, Model model, Loss loss, long begin, long end) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] input = new T[model.Input.Elements], target = new T[samples.Targets];
        for (long index = begin; index < end; index++)
        {
            samples.Read([index], input, target);
            if (Elementwise.FirstNotFinite<T>(input) is >= 0 and int feature)
                throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"sample {index}, feature {feature} of {input.Length}: {input[feature]} is no number to learn from; clean the data first"));
            if (Elementwise.FirstNotFinite<T>(target) is >= 0 and int place)
                throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"sample {index}, target {place}: {target[place]} is no target"));
            int classes = loss switch { Loss.CrossEntropy => model.Output.Elements, Loss.Logistic => 2, _ => 0 };
            if (classes > 0 && !(target[0] >= T.Zero && target[0] < T.CreateChecked(classes) && T.IsInteger(target[0])))
                throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"sample {index}: {target[0]} is no label; labels are whole numbers from 0 to {classes - 1}"));
        }
    }

    internal static string Name(Loss loss) => loss switch { Loss.CrossEntropy => "cross-entropy", Loss.Logistic => "the logistic loss", _ => "the squared error" };
}
