using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.Explanations;

/// <summary>What a model predicts on average over all samples when some of their columns are set to given values. The same bits on any number of ranks.</summary>
/// <remarks>Source: Friedman, Greedy Function Approximation, Ann. Stat. 29 (2001), section 8.2. Where columns depend on each other, samples are made that never occur.</remarks>
public static class PartialDependence
{
    /// <summary>Mean predictions: a forward pass over all samples for each point. Collective.</summary>
    /// <param name="share">The samples.</param>
    /// <param name="network">What predicts; the same numbers on every rank.</param>
    /// <param name="output">Which number of its prediction.</param>
    /// <param name="columns">Which columns are set.</param>
    /// <param name="points">What they are set to, as many numbers each; the same on every rank.</param>
    /// <returns>One for each point, on every rank.</returns>
    /// <exception cref="UsageException">Columns or an output that the model does not have, or points of other lengths.</exception>
    public static double[] Of<T>(SampleShare<T> share, Network<T> network, int output, int[] columns, IReadOnlyList<T[]> points) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        share.Check(network);
        (int elements, int outputs) = (network.Model.Input.Elements, network.Model.Output.Elements);
        if ((uint)output >= (uint)outputs || columns.Any(column => (uint)column >= (uint)elements) || points.Any(point => point.Length != columns.Length))
            throw new UsageException($"output {output} by columns {string.Join(", ", columns)}: the model takes {network.Model.Input} and gives {network.Model.Output}, and every point needs {columns.Length} values");
        double[] sums = share.Zeros(points.Count);
        T[] changed = new T[network.Capacity * elements];
        share.Visit(network.Capacity, (stratum, in pass, inputs, targets) =>
        {
            Span<T> input = changed.AsSpan(0, inputs.Length);
            inputs.CopyTo(input);
            for (int i = 0; i < points.Count; i++)
            {
                for (int sample = 0; sample < pass.Samples; sample++)
                    for (int j = 0; j < columns.Length; j++)
                        input[sample * elements + columns[j]] = points[i][j];
                ReadOnlySpan<T> predicted = network.Forward(pass, input);
                for (int sample = 0; sample < pass.Samples; sample++)
                    sums[stratum * points.Count + i] += double.CreateTruncating(predicted[sample * outputs + output]);
            }
        });
        return [.. share.Total(sums).Select(sum => sum / share.Samples.Count)];
    }
}
