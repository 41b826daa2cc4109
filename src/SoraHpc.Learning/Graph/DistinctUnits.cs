using System.Runtime.InteropServices;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.Graph;

/// <summary>A dense block's units, each different one once: units with the same weights and bias, bit for bit, give the same. Weights that are 0 are left out.
/// A unit is summed up from its first input to its last by whichever rank has it, so its bits do not depend on ranks.</summary>
internal sealed class DistinctUnits
{
    private readonly int[] starts, inputs, first, unitOf;           // entries of every distinct unit; its first unit; the distinct unit of every unit
    private readonly float[] values, bias;
    private readonly int[][] readers;                               // distinct units that read an input
    private readonly int[] counts;                                  // units of every rank
    private readonly bool[] isStale;
    private readonly float[] sums;
    private readonly int begin, end;                                // of this rank

    internal DistinctUnits(Communicator communicator, Parameter<float> weights, Parameter<float> biases)
    {
        (int rows, int columns) = (weights.Tensor.Shape[0], weights.Tensor.Shape[1]);
        (int[] Rows, float[] Values)[] units = [.. Enumerable.Range(0, columns).Select(unit => Entries(weights.Values, unit, rows, columns))];
        Dictionary<string, int> seen = [];
        unitOf = new int[columns];
        List<int> distinct = [];
        for (int unit = 0; unit < columns; unit++)
        {
            string key = Convert.ToHexString([.. MemoryMarshal.AsBytes<int>(units[unit].Rows), .. MemoryMarshal.AsBytes<float>([.. units[unit].Values, biases.Values[unit]])]);
            if (!seen.TryGetValue(key, out unitOf[unit]))
            {
                unitOf[unit] = seen[key] = distinct.Count;
                distinct.Add(unit);
            }
        }
        first = [.. distinct];
        bias = [.. distinct.Select(unit => biases.Values[unit])];
        starts = [0, .. Running(distinct.Select(unit => units[unit].Rows.Length))];
        (inputs, values) = ([.. distinct.SelectMany(unit => units[unit].Rows)], [.. distinct.SelectMany(unit => units[unit].Values)]);
        readers = ReadersOf(rows);
        int working = Math.Min(communicator.Size, first.Length);
        int[] cuts = ContiguousCut.Optimal([.. distinct.Select(unit => 1.0 + units[unit].Rows.Length)], [.. Enumerable.Repeat(1.0, working)]);
        cuts = [.. cuts, .. Enumerable.Repeat(first.Length, communicator.Size - working)];
        counts = [.. Enumerable.Range(0, communicator.Size).Select(rank => cuts[rank + 1] - cuts[rank])];
        (begin, end) = (cuts[communicator.Rank], cuts[communicator.Rank + 1]);
        (isStale, sums) = (new bool[first.Length], new float[first.Length]);
    }

    /// <summary>Units that are computed once.</summary>
    internal int Count => first.Length;

    /// <summary>Computes units and gives every rank all of them. Collective.</summary>
    /// <param name="changed">Inputs that changed; null: all did.</param>
    /// <returns>Units computed by this rank.</returns>
    internal int Compute(Communicator communicator, ReadOnlySpan<float> input, Span<float> output, List<int>? changed)
    {
        isStale.AsSpan().Fill(changed is null);
        foreach (int place in changed ?? [])
            foreach (int unit in readers[place])
                isStale[unit] = true;
        int computed = 0;
        for (int unit = begin; unit < end; unit++)
            if (isStale[unit])
            {
                sums[unit] = Sum(unit, input);
                computed++;
            }
        communicator.Allgatherv<float>(sums.AsSpan(begin, end - begin).ToArray(), sums, counts);
        for (int unit = 0; unit < unitOf.Length; unit++)
            output[unit] = sums[unitOf[unit]];
        return computed;
    }

    // 8 B an entry, read once.
    private float Sum(int unit, ReadOnlySpan<float> input)
    {
        float sum = bias[unit];
        for (int i = starts[unit]; i < starts[unit + 1]; i++)
            sum = MathF.FusedMultiplyAdd(values[i], input[inputs[i]], sum);
        return sum;
    }

    private int[][] ReadersOf(int rows)
    {
        List<int>[] lists = [.. Enumerable.Range(0, rows).Select(_ => new List<int>())];
        for (int unit = 0; unit < first.Length; unit++)
            for (int i = starts[unit]; i < starts[unit + 1]; i++)
                lists[inputs[i]].Add(unit);
        return [.. lists.Select(list => list.ToArray())];
    }

    private static (int[], float[]) Entries(ReadOnlySpan<float> weights, int unit, int rows, int columns)
    {
        List<int> places = [];
        List<float> values = [];
        for (int row = 0; row < rows; row++)
            if (weights[row * columns + unit] != 0)
            {
                places.Add(row);
                values.Add(weights[row * columns + unit]);
            }
        return ([.. places], [.. values]);
    }

    private static IEnumerable<int> Running(IEnumerable<int> lengths)
    {
        int sum = 0;
        foreach (int length in lengths)
            yield return sum += length;
    }
}
