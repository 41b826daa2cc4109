using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Learning.Blocks;
using SoraHpc.LinearAlgebra;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Models;

/// <summary>A model with numbers: its parameters, their gradients, and the memory for one micro-batch. Used by one thread; local.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class Network<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A stream for each parameter's first values; layers have streams below.
    internal const ulong FirstValuesStream = 1UL << 40;

    private readonly AlignedBuffer<T> values, gradients, output, outputGradient, inputGradient;
    private readonly SeriesLayer<T> layers;

    /// <param name="model">What is computed.</param>
    /// <param name="products">Matrix products, of the same library on every rank.</param>
    /// <param name="capacity">Samples of the largest micro-batch, ≥ 1.</param>
    /// <param name="seed">Of the first values and of dropout. The same seed gives the same network.</param>
    public Network(Model model, MatrixProducts<T> products, int capacity = 16, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (Model, Capacity) = (model, capacity);
        values = new(checked((int)model.ParameterCount));
        gradients = new(model.Parameters.Where(tensor => tensor.Kind != ParameterKind.Sparse).Sum(tensor => tensor.Shape.Elements));
        Parameters = Place(model.Parameters, values.Memory, gradients.Memory);
        Reset(seed);
        layers = (SeriesLayer<T>)model.Blocks.Bind(new LayerContext<T>(model.Input, capacity, products, Parameters, seed, Stream: 0));
        (output, outputGradient, inputGradient) = (new(capacity * model.Output.Elements), new(capacity * model.Output.Elements), new(capacity * model.Input.Elements));
    }

    /// <summary>What is computed.</summary>
    public Model Model { get; }

    /// <summary>Samples of the largest micro-batch.</summary>
    public int Capacity { get; }

    /// <summary>One for each of <see cref="Model.Parameters"/>.</summary>
    public Parameter<T>[] Parameters { get; }

    /// <summary>All parameters' values, one after the other.</summary>
    public Memory<T> Values => values.Memory;

    /// <summary>The gradients of all parameters that are not sparse, one after the other.</summary>
    public Memory<T> Gradients => gradients.Memory;

    internal SeriesLayer<T> Layers => layers;

    /// <summary>First values by the seed, gradients 0.</summary>
    public void Reset(ulong seed)
    {
        for (int i = 0; i < Parameters.Length; i++)
            SetFirstValues(Parameters[i], i, seed);
        ClearGradients();
    }

    /// <summary>First values of the parameter with a number in its model.</summary>
    internal static void SetFirstValues(Parameter<T> parameter, int number, ulong seed)
    {
        ParameterTensor tensor = parameter.Tensor;
        RandomSequence random = new(seed, FirstValuesStream + (ulong)number);
        Span<T> all = parameter.Values;
        for (int j = 0; j < all.Length; j++)
            all[j] = T.CreateChecked(tensor.Start + (tensor.Spread > 0 ? tensor.Spread * (2 * random.UniformAt(j) - 1) : 0));
    }

    /// <summary>All gradients become 0.</summary>
    public void ClearGradients()
    {
        gradients.GetSpan().Clear();
        foreach (Parameter<T> parameter in Parameters)
            parameter.Rows?.Clear();
    }

    /// <summary>Computes outputs.</summary>
    /// <param name="pass">The micro-batch.</param>
    /// <param name="input">Samples × elements of the input.</param>
    /// <returns>Samples × elements of the output; there until the next call.</returns>
    /// <exception cref="ArgumentException">More samples than the capacity, or an input of another length.</exception>
    public ReadOnlySpan<T> Forward(in Pass pass, ReadOnlySpan<T> input)
    {
        if (pass.Samples > Capacity || input.Length != pass.Samples * Model.Input.Elements)
            throw new ArgumentException($"{input.Length} numbers for {pass.Samples} samples of {Model.Input}, of at most {Capacity}", nameof(input));
        Span<T> result = output.GetSpan()[..(pass.Samples * Model.Output.Elements)];
        layers.Forward(pass, input, result);
        return result;
    }

    /// <summary>∂loss/∂output, to be written before <see cref="Backward"/>.</summary>
    public Span<T> OutputGradient(in Pass pass) => outputGradient.GetSpan()[..(pass.Samples * Model.Output.Elements)];

    /// <summary>After <see cref="Forward"/> of the same micro-batch: adds to the gradients of all parameters.</summary>
    /// <param name="pass">The same micro-batch.</param>
    /// <param name="input">The same input.</param>
    /// <param name="completed">Told the number of every block whose gradients are complete, last block first; null where nobody needs to know.</param>
    public void Backward(in Pass pass, ReadOnlySpan<T> input, Action<int>? completed = null) => Through(pass, input, default, completed);

    /// <summary>The same, and the gradient of the input.</summary>
    /// <returns>∂loss/∂input; there until the next call.</returns>
    public ReadOnlySpan<T> BackwardToInput(in Pass pass, ReadOnlySpan<T> input)
    {
        Span<T> gradient = inputGradient.GetSpan()[..input.Length];
        Through(pass, input, gradient, null);
        return gradient;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        layers.Dispose();
        foreach (AlignedBuffer<T> buffer in (AlignedBuffer<T>[])[values, gradients, output, outputGradient, inputGradient])
            ((IDisposable)buffer).Dispose();
    }

    private void Through(in Pass pass, ReadOnlySpan<T> input, Span<T> gradient, Action<int>? completed) =>
        layers.Backward(pass, input, output.GetSpan()[..(pass.Samples * Model.Output.Elements)], OutputGradient(pass), gradient, completed);

    /// <summary>Parameters one after the other in memory for their values and gradients.</summary>
    internal static Parameter<T>[] Place(IReadOnlyList<ParameterTensor> tensors, Memory<T> values, Memory<T> gradients)
    {
        Parameter<T>[] placed = new Parameter<T>[tensors.Count];
        int value = 0, gradient = 0;
        for (int i = 0; i < placed.Length; i++)
        {
            int length = tensors[i].Shape.Elements, dense = tensors[i].Kind == ParameterKind.Sparse ? 0 : length;
            placed[i] = new(tensors[i].Name, tensors[i], values.Slice(value, length), gradients.Slice(gradient, dense));
            value += length;
            gradient += dense;
        }
        return placed;
    }
}
