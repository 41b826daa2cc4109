using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.Compression;

/// <summary>Learning on with few values: weights that share a value get the sum of their gradients, so that they move together and stay the same bit for
/// bit whatever the optimiser; weights that are 0 stay 0. Weights of eight bits are free but for the zeros. Local; the same on every rank, since gradients are.</summary>
/// <param name="model">Says who shares.</param>
// Of a shared weight 4 B gradient and 1 B code read twice, 4 B written: little beside the optimiser's 28 B.
public sealed class SharedWeights(CompressedModel model)
{
    private readonly double[] sums = new double[CodedTensor.MostCentres];

    /// <summary>Changes the gradients of a network of the same model, between backward pass and step.</summary>
    /// <exception cref="ArgumentException">A network of another model.</exception>
    public void Share(Network<float> network)
    {
        if (network.Parameters.Length != model.Tensors.Count)
            throw new ArgumentException($"{network.Parameters.Length} parameters, and the compressed model has {model.Tensors.Count}", nameof(network));
        for (int i = 0; i < network.Parameters.Length; i++)
            if (model.Tensors[i] is { Codes.Length: > 0 } tensor)
                if (tensor.IsGrid)
                    Mask(tensor, network.Parameters[i].Gradient);
                else
                    Sum(tensor, network.Parameters[i].Gradient);
    }

    private void Sum(CodedTensor tensor, Span<float> gradient)
    {
        Array.Clear(sums);
        for (int i = 0; i < gradient.Length; i++)
            sums[tensor.Codes[i]] += gradient[i];
        for (int centre = 0; centre < tensor.Centres.Length; centre++)
            if (tensor.Centres[centre] == 0)
                sums[centre] = 0;
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = (float)sums[tensor.Codes[i]];
    }

    private static void Mask(CodedTensor tensor, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
            if (tensor.Codes[i] == Quantisation.Largest)
                gradient[i] = 0;
    }
}
