using System.Globalization;
using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.Training;

/// <summary>Looks at samples before anything is learnt from them.</summary>
public static class SampleCheck
{
    /// <summary>Whether samples, model and loss go together. Local; the same on every rank.</summary>
    /// <exception cref="UsageException">They do not; the line names both shapes.</exception>
    public static void Shapes<T>(ISamples<T> samples, Model model, Loss loss, bool isWeighted = false) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (samples.Count < 1)
            throw new UsageException("there are no samples to learn from");
        if (!samples.Shape.Equals(model.Input))
            throw new UsageException($"samples are {samples.Shape}, and the model takes {model.Input}");
        int targets = LossKernel.TargetsFor(loss, model.Output) + (isWeighted ? 1 : 0);
        if (samples.Targets != targets)
            throw new UsageException($"samples have {samples.Targets} target{(samples.Targets == 1 ? "" : "s")} each, and {Name(loss)} of {model.Output} outputs{(isWeighted ? " with a weight" : "")} needs {targets}");
    }

    /// <summary>Whether all ranks were given the same columns and model. Collective.</summary>
    /// <exception cref="SoraException">On every rank that was given others than rank 0; the line names both.</exception>
    public static void Agreement<T>(Communicator communicator, ISamples<T> samples, Model model) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string own = $"{samples.Count} samples of {samples.Shape} with {samples.Targets} target{(samples.Targets == 1 ? "" : "s")} for {model}";
        char[] first = new char[communicator.Broadcast(own.Length)];
        own.AsSpan(0, Math.Min(own.Length, first.Length)).CopyTo(first);
        communicator.Broadcast<char>(first);
        if (!own.AsSpan().SequenceEqual(first))
            throw new SoraException($"rank {communicator.Rank} has {own}, and rank 0 has {new string(first)}: give every rank the same columns and the same model");
    }

    /// <summary>Whether features are finite and labels in range, weights not negative, for samples [begin, end). Local: whoever finds one that is not tells which.</summary>
    /// <exception cref="SoraException">One is not; the line names sample and value.</exception>
    public static void Values<T>(ISamples<T> samples, Model model, Loss loss, long begin, long end, bool isWeighted = false) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] input = new T[model.Input.Elements], target = new T[samples.Targets];
        for (long index = begin; index < end; index++)
        {
            samples.Read([index], input, target);
            if (Elementwise.FirstNotFinite<T>(input) is >= 0 and int feature)
                throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"sample {index}, feature {feature} of {input.Length}: {input[feature]} is no number to learn from; clean the data first"));
            if (Elementwise.FirstNotFinite<T>(target) is >= 0 and int place)
                throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"sample {index}, target {place}: {target[place]} is no target"));
            if (isWeighted)
                _ = Weight(index, double.CreateTruncating(target[^1]));
            int classes = loss switch { Loss.CrossEntropy => model.Output.Elements, Loss.Logistic => 2, _ => 0 };
            if (classes > 0 && !(target[0] >= T.Zero && target[0] < T.CreateChecked(classes) && T.IsInteger(target[0])))
                throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"sample {index}: {target[0]} is no label; labels are whole numbers from 0 to {classes - 1}"));
        }
    }

    /// <summary>A weight that is one.</summary>
    internal static double Weight(long sample, double weight) => weight >= 0 && double.IsFinite(weight) ? weight
        : throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"sample {sample}: a weight of {weight}; weights are 0 or more"));

    internal static string Name(Loss loss) => loss switch { Loss.CrossEntropy => "cross-entropy", Loss.Logistic => "the logistic loss", _ => "the squared error" };
}
