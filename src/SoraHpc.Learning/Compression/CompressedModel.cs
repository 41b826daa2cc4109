using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Compression;

/// <summary>A model with its parameters in few bits: smaller to keep and to send, computed as a network after <see cref="Expand"/>, or in eight bits
/// by <see cref="QuantisedNetwork"/>. Local.</summary>
/// <param name="model">What is computed.</param>
/// <param name="tensors">One for each of its parameters.</param>
public sealed class CompressedModel(Model model, CodedTensor[] tensors)
{
    /// <summary>What is computed.</summary>
    public Model Model { get; } = model;

    /// <summary>One for each of <see cref="Model.Parameters"/>.</summary>
    public IReadOnlyList<CodedTensor> Tensors => tensors;

    /// <summary>Bytes of all numbers, centres and code words; the blocks' names are not among them.</summary>
    public long Bytes => (tensors.Sum(tensor => tensor.Bits) + 7) / 8;

    /// <summary>Codes a network: each weight (parameters of two dimensions) by a function, all others as they are.</summary>
    public static CompressedModel Of(Network<float> network, Func<Parameter<float>, CodedTensor> code) =>
        new(network.Model, [.. network.Parameters.Select(parameter => IsWeight(parameter) ? code(parameter) : CodedTensor.AsIs(parameter.Values))]);

    /// <summary>Whether a parameter is one that is coded.</summary>
    public static bool IsWeight(Parameter<float> parameter) => parameter.Tensor.Kind == ParameterKind.Dense && parameter.Tensor.Shape.Rank == 2;

    /// <summary>A network with these numbers.</summary>
    /// <param name="products">Matrix products.</param>
    /// <param name="capacity">Samples of the largest micro-batch.</param>
    public Network<float> Expand(MatrixProducts<float> products, int capacity = 16)
    {
        Network<float> network = new(Model, products, capacity);
        CopyTo(network);
        return network;
    }

    /// <summary>Gives a network of the same model these numbers.</summary>
    public void CopyTo(Network<float> network)
    {
        for (int i = 0; i < tensors.Length; i++)
            tensors[i].Expand(network.Parameters[i].Values);
    }

    /// <summary>The same codes with the numbers that a network has learnt since, which kept what is shared: see <see cref="SharedWeights"/>.</summary>
    public CompressedModel WithValuesOf(Network<float> network) => new(Model, [.. tensors.Select((tensor, i) => Relearnt(tensor, network.Parameters[i].Values))]);

    private static CodedTensor Relearnt(CodedTensor tensor, ReadOnlySpan<float> values)
    {
        if (tensor.Codes.Length == 0)
            return CodedTensor.AsIs(values);
        if (tensor.IsGrid)
            return Quantisation.Of(values, tensor.Scales.Length);
        float[] centres = [.. tensor.Centres];
        for (int i = 0; i < values.Length; i++)
            centres[tensor.Codes[i]] = values[i] / tensor.Scales[0];
        return new(centres, tensor.Scales, tensor.Codes, []);
    }
}
