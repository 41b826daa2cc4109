using System.Diagnostics;
using System.Numerics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.SubModels;

/// <summary>What the blocks of a model cost, forward and backward.</summary>
public static class BlockCosts
{
    private const int Repeats = 7;

    /// <summary>Additions and multiplications of a sample: forward, and twice that backward. The same everywhere.</summary>
    public static double[] Flops(Model model)
    {
        Shape[] shapes = model.Blocks.ShapesFor(model.Input);
        return [.. model.Blocks.Blocks.Select((block, i) => 3.0 * block.FlopsOf(shapes[i]))];
    }

    /// <summary>Seconds of a micro-batch on this rank: the least of several tries, all inputs 0. Ranks measure differently: take one rank's.</summary>
    public static double[] Measure<T>(Model model, MatrixProducts<T> products, int samples = 16) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shape[] shapes = model.Blocks.ShapesFor(model.Input);
        return [.. model.Blocks.Blocks.Select((block, i) => SecondsOf(new Model(shapes[i], block), products, samples))];
    }

    private static double SecondsOf<T>(Model block, MatrixProducts<T> products, int samples) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Network<T> network = new(block, products, samples);
        T[] input = new T[samples * block.Input.Elements];
        Pass pass = new(new long[samples], isTraining: true);
        double least = double.PositiveInfinity;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            network.ClearGradients();
            long begun = Stopwatch.GetTimestamp();
            network.Forward(pass, input);
            network.BackwardToInput(pass, input);
            least = Math.Min(least, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
        return least;
    }
}
