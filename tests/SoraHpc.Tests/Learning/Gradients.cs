using NUnit.Framework;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.Learning;

/// <summary>Gradients beside central differences, in double precision.</summary>
internal static class Gradients
{
    internal static readonly MatrixProducts<double> Managed = MatrixProducts<double>.Of(BlasLibrary.Load(new BlasOptions { Library = BlasLibrary.Managed, Threads = 1 }));

    // Truncation h²f'''/6 and rounding εf/h are both about 1e-10.
    private const double Step = 1e-5, Tolerance = 1e-6;

    /// <summary>Of a weighted sum of all outputs, after every parameter and every input.</summary>
    internal static void Check(Model model, double[] input, bool isTraining = true, bool alsoInput = true)
    {
        int samples = input.Length / model.Input.Elements;
        long[] indices = [.. Enumerable.Range(0, samples).Select(i => 7L + 3 * i)];
        using Network<double> network = new(model, Managed, samples, seed: 5);
        double[] weights = new double[samples * model.Output.Elements];
        new RandomSequence(3, 1).FillNormal(0, weights);
        Disturb(network);

        Pass pass = new(indices, isTraining, epoch: 2);
        network.Forward(pass, input);
        weights.CopyTo(network.OutputGradient(pass));
        double[] inputGradient = network.BackwardToInput(pass, input).ToArray();
        double Value() => WeightedSum(network, indices, isTraining, input, weights);

        foreach (Parameter<double> parameter in network.Parameters.Where(each => each.Tensor.Kind != ParameterKind.Statistic))
        {
            double[] gradient = Whole(parameter);
            for (int i = 0; i < gradient.Length; i++)
                AssertSlope(gradient[i], i, parameter.Values, Value, $"{model}: {parameter.Path}[{i}]");
        }
        for (int i = 0; i < inputGradient.Length && alsoInput; i++)
            AssertSlope(inputGradient[i], i, input, Value, $"{model}: input[{i}]");
    }

    internal static double[] Normal(int count, ulong stream = 1)
    {
        double[] values = new double[count];
        new RandomSequence(11, stream).FillNormal(0, values);
        return values;
    }

    // Biases and gains start at what makes some slopes vanish.
    private static void Disturb(Network<double> network)
    {
        foreach (Parameter<double> parameter in network.Parameters)
            for (int i = 0; i < parameter.Values.Length; i++)
                parameter.Values[i] += 0.1 * new RandomSequence(17, 2).UniformAt(i);
    }

    private static double WeightedSum(Network<double> network, long[] indices, bool isTraining, double[] input, double[] weights)
    {
        ReadOnlySpan<double> output = network.Forward(new Pass(indices, isTraining, epoch: 2), input);
        double sum = 0;
        for (int i = 0; i < output.Length; i++)
            sum += output[i] * weights[i];
        return sum;
    }

    private static double[] Whole(Parameter<double> parameter)
    {
        if (parameter.Rows is not { } rows)
            return parameter.Gradient.ToArray();
        double[] whole = new double[parameter.Values.Length];
        for (int i = 0; i < rows.Count; i++)
            rows.Sums.Slice(i * rows.Columns, rows.Columns).CopyTo(whole.AsSpan(rows.Touched[i] * rows.Columns));
        return whole;
    }

    private static void AssertSlope(double slope, int place, Span<double> values, Func<double> value, string where)
    {
        double there = values[place];
        values[place] = there + Step;
        double above = value();
        values[place] = there - Step;
        double below = value();
        values[place] = there;
        Assert.That(slope, Is.EqualTo((above - below) / (2 * Step)).Within(Tolerance * Math.Max(1, Math.Abs(slope))), where);
    }
}
