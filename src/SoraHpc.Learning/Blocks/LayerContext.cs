using System.Numerics;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Blocks;

/// <summary>What a block needs to become a layer.</summary>
/// <param name="Input">Shape of a sample that comes in; the block has agreed to it.</param>
/// <param name="Capacity">Samples of the largest micro-batch.</param>
/// <param name="Products">Matrix products.</param>
/// <param name="Parameters">One for each of <see cref="Block.ParametersOf"/>, in the same order.</param>
/// <param name="Seed">The network's seed.</param>
/// <param name="Stream">A number of the layer's own: no other layer of the network has it.</param>
public sealed record LayerContext<T>(Shape Input, int Capacity, MatrixProducts<T> Products, ReadOnlyMemory<Parameter<T>> Parameters, ulong Seed, ulong Stream)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The same for a block inside this one.</summary>
    /// <param name="child">Its number, 0 to 62.</param>
    /// <param name="input">Shape of a sample that comes to it.</param>
    /// <param name="firstParameter">Its first one among <see cref="Parameters"/>.</param>
    /// <param name="parameters">How many it has.</param>
    public LayerContext<T> Inside(int child, Shape input, int firstParameter, int parameters) =>
        this with { Input = input, Parameters = Parameters.Slice(firstParameter, parameters), Stream = Stream * 64 + (ulong)child + 1 };
}
