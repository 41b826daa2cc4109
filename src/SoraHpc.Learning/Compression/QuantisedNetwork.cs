using SoraHpc.Communication;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Compression;

/// <summary>
/// A network whose dense blocks and convolutions multiply bytes: weights with a scale for every unit, inputs with one for every row or image, sums of whole
/// numbers, exact. Other blocks compute as they do. The parameters are copied. Used by one thread; local.
/// </summary>
/// <remarks>Of a product with inputs x and weights w, scaled by s and t, the error is at most Σ(t|x| + s|w|)/2 + n·s·t/4.</remarks>
public sealed class QuantisedNetwork : IDisposable
{
    private readonly AlignedBuffer<float> values, output;
    private readonly SeriesLayer<float> layers;

    /// <param name="network">Trained, in single precision.</param>
    /// <param name="products">What other blocks multiply matrices with.</param>
    /// <exception cref="Diagnostics.UsageException">A block sums up so many numbers that 32 bits do not suffice.</exception>
    public QuantisedNetwork(Network<float> network, MatrixProducts<float> products)
    {
        (Model, Capacity) = (network.Model, network.Capacity);
        values = new(network.Values.Length);
        network.Values.Span.CopyTo(values.GetSpan());
        Parameter<float>[] parameters = new Parameter<float>[network.Parameters.Length];
        int begin = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            int length = network.Parameters[i].Values.Length;
            parameters[i] = new(network.Parameters[i].Path, network.Parameters[i].Tensor, values.Memory.Slice(begin, length), default);
            begin += length;
        }
        layers = new(new(Model.Input, Capacity, products, parameters, Seed: 0, Stream: 0), Model.Blocks, bind: Bind);
        output = new(Capacity * Model.Output.Elements);
    }

    /// <summary>What is computed.</summary>
    public Model Model { get; }

    /// <summary>Samples of the largest micro-batch.</summary>
    public int Capacity { get; }

    /// <summary>Computes outputs. Nothing is allocated.</summary>
    /// <param name="pass">The micro-batch, not for training.</param>
    /// <param name="input">Samples × elements of the input.</param>
    /// <returns>Samples × elements of the output; there until the next call.</returns>
    /// <exception cref="ArgumentException">More samples than the capacity, an input of another length, or a pass for training.</exception>
    public ReadOnlySpan<float> Forward(in Pass pass, ReadOnlySpan<float> input)
    {
        if (pass.IsTraining || pass.Samples > Capacity || input.Length != pass.Samples * Model.Input.Elements)
            throw new ArgumentException($"{input.Length} numbers for {pass.Samples} samples of {Model.Input}, of at most {Capacity}, not for training", nameof(input));
        Span<float> result = output.GetSpan()[..(pass.Samples * Model.Output.Elements)];
        layers.Forward(pass, input, result);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        layers.Dispose();
        ((IDisposable)values).Dispose();
        ((IDisposable)output).Dispose();
    }

    private static Layer<float> Bind(Block block, LayerContext<float> context) => block switch
    {
        Dense => new QuantisedDenseLayer(context),
        Convolution2D convolution => new QuantisedConvolutionLayer(context, convolution),
        Series series => new SeriesLayer<float>(context, series, bind: Bind),
        _ => block.Bind(context),
    };
}
