using System.Numerics;

namespace SoraHpc.Learning.Blocks;

/// <summary>A parameter's numbers in a network: a part of the network's one array of values and of its one array of gradients. Layers that share
/// parameters are bound to the same object, and their gradients add up.</summary>
public sealed class Parameter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Memory<T> values, gradient;

    internal Parameter(string path, ParameterTensor tensor, Memory<T> values, Memory<T> gradient)
    {
        (Path, Tensor, this.values, this.gradient) = (path, tensor, values, gradient);
        if (tensor.Kind == ParameterKind.Sparse)
            Rows = new(tensor.Shape[0], tensor.Shape.Elements / tensor.Shape[0]);
    }

    /// <summary>Where it is in the model: "0/weights".</summary>
    public string Path { get; }

    /// <summary>What it is.</summary>
    public ParameterTensor Tensor { get; }

    /// <summary>Its values, rows one after the other.</summary>
    public Span<T> Values => values.Span;

    /// <summary>∂loss/∂value, summed over the samples of a micro-batch: layers add to it. Empty where <see cref="Rows"/> takes its place.</summary>
    public Span<T> Gradient => gradient.Span;

    /// <summary>The gradient of a parameter of kind <see cref="ParameterKind.Sparse"/>; null for the others.</summary>
    public SparseGradient<T>? Rows { get; }
}
