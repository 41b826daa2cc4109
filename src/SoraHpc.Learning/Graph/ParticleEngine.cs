using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Graph;

/// <summary>
/// Computes a network by its particles: units that are the same are computed once, zeros not at all, and when some inputs change only what depends on them
/// is computed again, with the bits of computing everything. Units are shared out over ranks by their entries; every rank has the result.
/// </summary>
/// <remarks>For one sample at a time, of models of dense blocks and functions of single numbers. The order of a sum is the engine's own: beside
/// <see cref="Network{T}.Forward"/> the result differs by rounding.</remarks>
public sealed class ParticleEngine : IDisposable
{
    private readonly Communicator communicator;
    private readonly List<(DistinctUnits? Units, Layer<float>? Function)> stages = [];
    private readonly List<float[]> values = [];             // the input, then what every stage gives
    private bool isComplete;

    /// <summary>Takes a network's numbers. Collective; every rank has the same network.</summary>
    /// <exception cref="UsageException">A block is neither dense, an activation, a flatten nor a dropout.</exception>
    public ParticleEngine(Communicator communicator, Network<float> network, MatrixProducts<float> products)
    {
        Shape[] shapes = network.Model.Blocks.ShapesFor(network.Model.Input);
        foreach (Block block in network.Model.Blocks.Blocks)
            if (block is not (Dense or Activation or Flatten or Dropout))
                throw new UsageException($"{block.Name} is not computed particle by particle: dense blocks, activations, flatten and dropout are");
        values.Add(new float[network.Model.Input.Elements]);
        for (int i = 0, parameter = 0; i < network.Model.Blocks.Blocks.Count; i++)
        {
            Block block = network.Model.Blocks.Blocks[i];
            if (block is Dense && shapes[i].Rank != 1)
                throw new UsageException($"{block.Name} is computed particle by particle for a row of features, not for {shapes[i]}");
            if (block is Dense)
                stages.Add((new(communicator, network.Parameters[parameter], network.Parameters[parameter + 1]), null));
            else if (block is Activation)
                stages.Add((null, block.Bind(new LayerContext<float>(shapes[i], 1, products, default, Seed: 0, Stream: 0))));
            else
                continue;
            parameter += block is Dense ? 2 : 0;
            values.Add(new float[shapes[i + 1].Elements]);
        }
        this.communicator = communicator.Duplicate();
    }

    /// <summary>Different units of all blocks.</summary>
    public int DistinctUnits => stages.Sum(stage => stage.Units?.Count ?? 0);

    /// <summary>Units that this rank computed in the last call.</summary>
    public int Computed { get; private set; }

    /// <summary>Computes everything. Collective.</summary>
    /// <param name="input">One sample, the same on every rank.</param>
    /// <returns>The output; there until the next call.</returns>
    /// <exception cref="ArgumentException">An input of another length.</exception>
    public ReadOnlySpan<float> Evaluate(ReadOnlySpan<float> input)
    {
        if (input.Length != values[0].Length)
            throw new ArgumentException($"{input.Length} numbers, and a sample has {values[0].Length}", nameof(input));
        input.CopyTo(values[0]);
        isComplete = true;
        return Through(null);
    }

    /// <summary>Changes some inputs and computes what depends on them. Collective.</summary>
    /// <param name="places">Which, each in the sample; the same on every rank.</param>
    /// <param name="numbers">What they become.</param>
    /// <returns>The output, bit for bit that of <see cref="Evaluate"/>; there until the next call.</returns>
    /// <exception cref="ArgumentException">As many numbers as places are needed, and places inside of the sample.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been evaluated yet.</exception>
    public ReadOnlySpan<float> Update(ReadOnlySpan<int> places, ReadOnlySpan<float> numbers)
    {
        if (places.Length != numbers.Length || places.ContainsAnyExceptInRange(0, values[0].Length - 1))
            throw new ArgumentException($"{numbers.Length} numbers for {places.Length} places of a sample of {values[0].Length}", nameof(places));
        if (!isComplete)
            throw new InvalidOperationException("evaluate a whole sample first");
        for (int i = 0; i < places.Length; i++)
            values[0][places[i]] = numbers[i];
        return Through([.. places]);
    }

    /// <summary>Collective.</summary>
    public void Dispose()
    {
        foreach ((_, Layer<float>? function) in stages)
            function?.Dispose();
        communicator.Dispose();
    }

    private ReadOnlySpan<float> Through(List<int>? changed)
    {
        Computed = 0;
        for (int i = 0; i < stages.Count; i++)
        {
            float[] before = changed is null ? [] : [.. values[i + 1]];
            if (stages[i].Units is { } units)
                Computed += units.Compute(communicator, values[i], values[i + 1], changed);
            else
                stages[i].Function!.Forward(new Pass([0], isTraining: false), values[i], values[i + 1]);
            if (changed is not null)
                changed = Differing(before, values[i + 1]);
        }
        return values[^1];
    }

    // Bits and not values: 0 and −0 differ, and a number that is none equals itself.
    private static List<int> Differing(float[] before, float[] after) =>
        [.. Enumerable.Range(0, after.Length).Where(i => BitConverter.SingleToInt32Bits(before[i]) != BitConverter.SingleToInt32Bits(after[i]))];
}
