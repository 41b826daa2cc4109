using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.LinearAlgebra;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.SubModels;

/// <summary>A dense block whose columns lie on all ranks: y = x·W + b, each rank with its units of W and b. Every rank gives the same input and gets the whole
/// output. All calls are collective.</summary>
/// <remarks>Output and parameters' gradients have the bits of one rank where the library sums a product's inner dimension alike for any number of columns, as the
/// managed one does. The input's gradient is a sum over ranks: it may differ by 2γₙ·Σ|∂y||W|, γₙ = nu/(1 − nu), n the units, u half the last place of 1.</remarks>
// Forward an output travels once to all; backward a gradient of the input is summed over ranks. Weights never travel.
public sealed unsafe class PlacedDense<T> : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Communicator communicator;
    private readonly MatrixProducts<T> products;
    private readonly int features, units, first, own;
    private readonly int[] counts;
    private readonly AlignedBuffer<T> part, gathered, slope;

    /// <summary>Makes this rank's columns. Collective.</summary>
    /// <param name="communicator">The ranks; messages go over one of the layer's own.</param>
    /// <param name="features">Numbers of a row that comes in, ≥ 1.</param>
    /// <param name="units">Numbers that come out, at least as many as ranks.</param>
    /// <param name="products">Matrix products.</param>
    /// <param name="capacity">Rows of the largest micro-batch, ≥ 1.</param>
    /// <param name="seed">Of the first values.</param>
    /// <exception cref="UsageException">More ranks than units.</exception>
    public PlacedDense(Communicator communicator, int features, int units, MatrixProducts<T> products, int capacity, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        if (units < communicator.Size)
            throw new UsageException($"dense({units}) cannot be placed on {communicator.Size} ranks: take at most {units}");
        (this.communicator, this.products, this.features, this.units) = (communicator.Duplicate(), products, features, units);
        counts = new int[communicator.Size];
        (first, own) = (FirstOf(communicator.Rank), FirstOf(communicator.Rank + 1) - FirstOf(communicator.Rank));
        (Weights, WeightsGradient) = (new T[features * own], new T[features * own]);
        (Bias, BiasGradient) = (new T[own], new T[own]);
        (part, gathered, slope) = (new(capacity * own), new(capacity * units), new(capacity * own));
        SetFirstValues(seed);
    }

    /// <summary>First unit of this rank.</summary>
    public int FirstUnit => first;

    /// <summary>Features × this rank's units.</summary>
    public T[] Weights { get; }

    /// <summary>One for each of this rank's units.</summary>
    public T[] Bias { get; }

    /// <summary>∂loss/∂weight: <see cref="Backward"/> adds to it.</summary>
    public T[] WeightsGradient { get; }

    /// <summary>∂loss/∂bias: <see cref="Backward"/> adds to it.</summary>
    public T[] BiasGradient { get; }

    /// <inheritdoc/>
    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        int rows = pass.Samples;
        Span<T> mine = part.GetSpan()[..(rows * own)], all = gathered.GetSpan()[..(rows * units)];
        Elementwise.Repeat<T>(Bias, mine);
        fixed (T* x = input, w = Weights)
            products.Multiply(false, false, rows, own, features, x, features, w, own, T.One, part.Address, own);
        for (int rank = 0; rank < counts.Length; rank++)
            counts[rank] = rows * (FirstOf(rank + 1) - FirstOf(rank));
        communicator.Allgatherv<T>(mine, all, counts);
        for (int rank = 0, from = 0; rank < counts.Length; from += counts[rank++])
            for (int row = 0, width = counts[rank] / rows; row < rows; row++)
                all.Slice(from + row * width, width).CopyTo(output[(row * units + FirstOf(rank))..]);
    }

    /// <inheritdoc/>
    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int rows = pass.Samples;
        Span<T> mine = slope.GetSpan()[..(rows * own)];
        for (int row = 0; row < rows; row++)
            outputGradient.Slice(row * units + first, own).CopyTo(mine[(row * own)..]);
        Elementwise.AddRows<T>(BiasGradient, mine);
        fixed (T* x = input, w = Weights, dw = WeightsGradient, dx = inputGradient)
        {
            products.Multiply(true, false, features, own, rows, x, features, slope.Address, own, T.One, dw, own);
            if (inputGradient.IsEmpty)
                return;
            products.Multiply(false, true, rows, features, own, slope.Address, own, w, own, T.Zero, dx, features);
        }
        communicator.Allreduce(inputGradient, ReduceOperation.Sum);
    }

    /// <summary>Collective.</summary>
    public override void Dispose()
    {
        foreach (AlignedBuffer<T> buffer in (AlignedBuffer<T>[])[part, gathered, slope])
            ((IDisposable)buffer).Dispose();
        communicator.Dispose();
        base.Dispose();
    }

    private int FirstOf(int rank) => (int)((long)units * rank / communicator.Size);

    // As of the whole block, of which a rank takes its columns.
    private void SetFirstValues(ulong seed)
    {
        double spread = new Dense(units).ParametersOf(new Shape(features))[0].Spread;
        RandomSequence random = new(seed, Models.Network<T>.FirstValuesStream);
        for (int row = 0; row < features; row++)
            for (int unit = 0; unit < own; unit++)
                Weights[row * own + unit] = T.CreateChecked(spread * (2 * random.UniformAt((long)row * units + first + unit) - 1));
    }
}
