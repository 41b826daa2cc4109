using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Compression;

using Dense = SoraHpc.Learning.Blocks.Dense;

/// <summary>Whole channels and units that go: what is left is a smaller network like any other, with smaller products.</summary>
/// <remarks>A channel counts by the length of its weights times the length of what the next block multiplies it with: weights of one that the next block
/// does not listen to are worth nothing.</remarks>
public static class ChannelPruning
{
    /// <summary>Makes the network. Local.</summary>
    /// <param name="network">Of blocks in one series; channels followed by a block with parameters other than dense and convolution stay.</param>
    /// <param name="share">Of every block's channels, rounded down, that go; in [0, 1). The last block's stay.</param>
    /// <param name="products">Matrix products.</param>
    /// <exception cref="UsageException">A share out of range.</exception>
    public static Network<float> Of(Network<float> network, double share, MatrixProducts<float> products)
    {
        if (!(share is >= 0 and < 1))
            throw new UsageException(FormattableString.Invariant($"{share} of the channels cannot go: give a share in [0, 1)"));
        List<(Block Block, Parameter<float>[] Parameters)> placed = Place(network);
        List<Block> blocks = [];
        List<float> values = [];
        int[]? rows = null;                                   // channels that come in, null: all
        int width = 1;                                        // how many came in before
        for (int i = 0; i < placed.Count; i++)
        {
            (Block block, Parameter<float>[] own) = placed[i];
            if (block is not (Dense or Convolution2D))
            {
                blocks.Add(block);
                foreach (Parameter<float> parameter in own)
                    values.AddRange(parameter.Values);
                continue;
            }
            int columns = own[0].Tensor.Shape[1];
            int[]? kept = NextLinear(placed, i) is { } next ? Kept(own[0], next, share) : null;
            blocks.Add(block is Convolution2D square ? new Convolution2D(kept?.Length ?? columns, square.Size, square.Padding) : new Dense(kept?.Length ?? columns));
            AddWeights(own, rows, width, kept ?? [.. Enumerable.Range(0, columns)], values);
            (rows, width) = (kept, columns);
        }
        Network<float> narrow = new(new Model(network.Model.Input, [.. blocks]), products, network.Capacity);
        values.ToArray().CopyTo(narrow.Values);
        return narrow;
    }

    private static List<(Block, Parameter<float>[])> Place(Network<float> network)
    {
        List<(Block, Parameter<float>[])> placed = [];
        Shape[] shapes = network.Model.Blocks.ShapesFor(network.Model.Input);
        int parameter = 0;
        for (int i = 0; i < network.Model.Blocks.Blocks.Count; i++)
        {
            Block block = network.Model.Blocks.Blocks[i];
            int count = block.ParametersOf(shapes[i]).Count;
            placed.Add((block, network.Parameters[parameter..(parameter + count)]));
            parameter += count;
        }
        return placed;
    }

    private static Parameter<float>? NextLinear(List<(Block Block, Parameter<float>[] Parameters)> placed, int block)
    {
        (Block Block, Parameter<float>[] Parameters) next = placed.Skip(block + 1).FirstOrDefault(each => each.Parameters.Length > 0 || each.Block is Series);
        return next.Block is Dense or Convolution2D ? next.Parameters[0] : null;
    }

    // Channels vary fastest everywhere: a row of the next block's weights listens to channel row mod channels.
    private static int[] Kept(Parameter<float> weights, Parameter<float> next, double share)
    {
        int channels = weights.Tensor.Shape[1], nextColumns = next.Tensor.Shape[1];
        double[] own = new double[channels], heard = new double[channels];
        for (int i = 0; i < weights.Values.Length; i++)
            own[i % channels] += (double)weights.Values[i] * weights.Values[i];
        for (int i = 0; i < next.Values.Length; i++)
            heard[i / nextColumns % channels] += (double)next.Values[i] * next.Values[i];
        return [.. Enumerable.Range(0, channels).OrderByDescending(channel => own[channel] * heard[channel]).Take(channels - (int)(share * channels)).Order()];
    }

    private static void AddWeights(Parameter<float>[] own, int[]? rows, int width, int[] columns, List<float> values)
    {
        int count = own[0].Tensor.Shape[1];
        for (int row = 0; row < own[0].Tensor.Shape[0]; row++)
            if (rows is null || Array.BinarySearch(rows, row % width) >= 0)
                foreach (int column in columns)
                    values.Add(own[0].Values[row * count + column]);
        foreach (int column in columns)
            values.Add(own[1].Values[column]);
    }
}
