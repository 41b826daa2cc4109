using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Tests.Contracts;

/// <summary>Training as one would write it without ranks, buckets or messages: the definition that the fast one must equal.</summary>
internal static class PlainTraining
{
    /// <summary>All values after the last step.</summary>
    internal static float[] Train(Model model, SampleTable<float> samples, TrainingOptions options, MatrixProducts<float> products)
    {
        using Network<float> network = new(model, products, options.MicroBatch, options.Seed);
        Strata strata = new(samples.Count, options.Strata, options.MicroBatch);
        float[] first = new float[network.Values.Length], second = new float[network.Values.Length];
        long steps = (long)strata.Batches * options.Epochs;
        for (long step = 0; step < steps; step++)
        {
            (int epoch, int batch) = ((int)(step / strata.Batches), (int)(step % strata.Batches));
            float[][] gradients = new float[options.Strata][];
            Dictionary<(int, int), float[]> rows = [];
            for (int stratum = 0; stratum < options.Strata; stratum++)
            {
                network.ClearGradients();
                Learn(network, samples, options, strata, stratum, batch, epoch);
                gradients[stratum] = network.Gradients.ToArray();
                Collect(network, rows);
            }
            float factor = 1f / strata.BatchSamples(batch);
            float[] mean = [.. TreeSum(gradients, 0, options.Strata).Select(value => value * factor)];
            Move(network, mean, rows, factor, options, first, second, options.Rate.At(step, steps, options.Batch), step + 1);
        }
        return network.Values.ToArray();
    }

    private static void Learn(Network<float> network, SampleTable<float> samples, TrainingOptions options, Strata strata, int stratum, int batch, int epoch)
    {
        int count = strata.MicroBatch(stratum, batch);
        if (count == 0)
            return;
        long[] order = new long[strata.Length(stratum)];
        strata.Shuffle(stratum, epoch, options.Seed, order);
        Pass pass = new(order.AsSpan(batch * options.MicroBatch, count), isTraining: true, epoch);
        float[] input = new float[count * samples.Shape.Elements], target = new float[count * samples.Targets];
        samples.Read(pass.Indices, input, target);
        ReadOnlySpan<float> predictions = network.Forward(pass, input);
        LossKernel.Evaluate(options.Loss, network.Model.Output.Elements, predictions, target, network.OutputGradient(pass));
        network.Backward(pass, input);
    }

    // Halves at the largest power of two below the length.
    private static float[] TreeSum(float[][] gradients, int begin, int end)
    {
        if (end - begin == 1)
            return gradients[begin];
        int left = 1;
        while (2 * left < end - begin)
            left *= 2;
        return [.. TreeSum(gradients, begin, begin + left).Zip(TreeSum(gradients, begin + left, end), (a, b) => a + b)];
    }

    private static void Collect(Network<float> network, Dictionary<(int Parameter, int Row), float[]> rows)
    {
        for (int i = 0; i < network.Parameters.Length; i++)
            if (network.Parameters[i].Rows is { } touched)
                for (int row = 0; row < touched.Count; row++)
                {
                    float[] sum = rows.TryGetValue((i, touched.Touched[row]), out float[]? there) ? there : rows[(i, touched.Touched[row])] = new float[touched.Columns];
                    for (int column = 0; column < sum.Length; column++)
                        sum[column] += touched.Sums[row * touched.Columns + column];
                }
    }

    private static void Move(Network<float> network, float[] mean, Dictionary<(int Parameter, int Row), float[]> rows, float factor, TrainingOptions options,
        float[] first, float[] second, double rate, long step)
    {
        int value = 0, gradient = 0;
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            ParameterTensor tensor = network.Parameters[i].Tensor;
            Span<float> values = network.Parameters[i].Values;
            for (int j = 0; j < values.Length; j++)
                if (tensor.Kind == ParameterKind.Statistic)
                    values[j] = mean[gradient + j];
                else if (tensor.Kind == ParameterKind.Dense)
                    MoveOne(ref values[j], mean[gradient + j] + (tensor.Shape.Rank == 2 ? (float)options.Penalty * values[j] : 0), options.Optimiser, ref first[value + j], ref second[value + j], rate, step);
            foreach (((int _, int row), float[] sum) in rows.Where(each => each.Key.Parameter == i))
                for (int j = 0; j < sum.Length; j++)
                    MoveOne(ref values[row * sum.Length + j], sum[j] * factor, options.Optimiser, ref first[value + row * sum.Length + j], ref second[value + row * sum.Length + j], rate, step);
            value += values.Length;
            gradient += network.Parameters[i].Gradient.Length;
        }
    }

    private static void MoveOne(ref float value, float slope, Optimiser optimiser, ref float first, ref float second, double rate, long step)
    {
        if (optimiser is Sgd descent)
            value -= (first = first * (float)descent.Momentum + slope) * (float)rate;
        else if (optimiser is Adam adam)
        {
            double correction = Math.Sqrt(1 - Math.Pow(adam.Second, step));
            first = first * (float)adam.First + slope * (float)(1 - adam.First);
            second = second * (float)adam.Second + slope * slope * (float)(1 - adam.Second);
            value -= first * (float)(rate * correction / (1 - Math.Pow(adam.First, step))) / (MathF.Sqrt(second) + (float)(adam.Floor * correction));
        }
    }
}
