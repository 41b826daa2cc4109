using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Compression;

using Dense = SoraHpc.Learning.Blocks.Dense;

/// <summary>Weights as a product of two narrow matrices, by singular values: a dense block becomes two, a convolution one with fewer channels and one of
/// size 1. What comes of it is a network like any other.</summary>
public static class LowRank
{
    /// <summary>Makes the network. Local; the same bits wherever MathNet computes with the same provider.</summary>
    /// <param name="network">Of blocks in one series.</param>
    /// <param name="energy">Share of the singular values' squares that stays, in (0, 1]. A block for which that saves nothing stays as it is.</param>
    /// <param name="products">Matrix products.</param>
    /// <exception cref="UsageException">A share out of range.</exception>
    public static Network<float> Of(Network<float> network, double energy, MatrixProducts<float> products)
    {
        if (!(energy is > 0 and <= 1))
            throw new UsageException(FormattableString.Invariant($"{energy} of the squares cannot stay: give a share in (0, 1]"));
        List<Block> blocks = [];
        List<float> values = [];
        int parameter = 0;
        Shape[] shapes = network.Model.Blocks.ShapesFor(network.Model.Input);
        for (int i = 0; i < network.Model.Blocks.Blocks.Count; i++)
        {
            Block block = network.Model.Blocks.Blocks[i];
            int count = block.ParametersOf(shapes[i]).Count;
            Span<Parameter<float>> own = network.Parameters.AsSpan(parameter, count);
            if (block is not (Dense or Convolution2D) || !TrySplit(block, own, energy, blocks, values))
            {
                blocks.Add(block);
                foreach (Parameter<float> kept in own)
                    values.AddRange(kept.Values);
            }
            parameter += count;
        }
        Network<float> narrow = new(new Model(network.Model.Input, [.. blocks]), products, network.Capacity);
        values.ToArray().CopyTo(narrow.Values);
        return narrow;
    }

    // The square roots of the singular values go to both factors, which so learn at the same rate.
    private static bool TrySplit(Block block, Span<Parameter<float>> own, double energy, List<Block> blocks, List<float> values)
    {
        (int rows, int columns) = (own[0].Tensor.Shape[0], own[0].Tensor.Shape[1]);
        float[] weights = own[0].Values.ToArray();
        Svd<double> svd = Matrix<double>.Build.Dense(rows, columns, (i, j) => weights[i * columns + j]).Svd();
        int rank = RankFor(svd.S, energy);
        if (rank * (rows + columns + 1) >= rows * columns)
            return false;
        (Block narrow, Block wide) = block is Convolution2D square ? ((Block)new Convolution2D(rank, square.Size, square.Padding), (Block)new Convolution2D(square.Channels, 1)) : (new Dense(rank), block);
        blocks.AddRange(narrow, wide);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < rank; j++)
                values.Add((float)(svd.U[i, j] * Math.Sqrt(svd.S[j])));
        values.AddRange(new float[rank]);
        for (int j = 0; j < rank; j++)
            for (int k = 0; k < columns; k++)
                values.Add((float)(Math.Sqrt(svd.S[j]) * svd.VT[j, k]));
        values.AddRange(own[1].Values);
        return true;
    }

    private static int RankFor(Vector<double> singular, double energy)
    {
        double whole = singular.DotProduct(singular), sum = 0;
        for (int rank = 1; rank < singular.Count; rank++)
        {
            sum += singular[rank - 1] * singular[rank - 1];
            if (sum >= energy * whole)
                return rank;
        }
        return singular.Count;
    }
}
