using System.Diagnostics;
using System.Globalization;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Compression;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Jobs.Training;

/// <summary>What eight bits are for: one sample through a dense block whose weights no cache holds, so that memory limits.</summary>
internal static class LargeDense
{
    private const int Units = 4096, Rounds = 12;

    /// <summary>Both in turn, the best turn of each. Local.</summary>
    internal static string Compare(MatrixProducts<float> products)
    {
        using Network<float> network = new(new Model(new Shape(Units), new Dense(Units)), products, capacity: 1);
        using QuantisedNetwork quantised = new(network, products);
        float[] input = [.. Enumerable.Range(0, Units).Select(i => MathF.Sin(i))];
        double single = double.PositiveInfinity, bytes = double.PositiveInfinity;
        for (int round = 0; round < Rounds; round++)
        {
            single = Math.Min(single, Time(network.Forward, input));
            bytes = Math.Min(bytes, Time(quantised.Forward, input));
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"  one sample through {network.Model}: {1e6 * single:0} µs in single precision, {1e6 * bytes:0} µs in 8 bits, ratio {single / bytes:0.0}\n");
    }

    private static double Time(ClassifierAccuracy.Forward forward, float[] input)
    {
        long begun = Stopwatch.GetTimestamp();
        _ = forward(new Pass([0], isTraining: false), input);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
