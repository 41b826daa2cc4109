using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.Data;

/// <summary>Learning on from an earlier model: for a task alike, or for rows that came later. Local.</summary>
public static class Transfer
{
    /// <summary>Takes over the numbers of every parameter that has the same place in both models and the same shape; the others keep their first values.
    /// Every rank does it, before training.</summary>
    /// <param name="earlier">From <see cref="ModelFile"/>.</param>
    /// <param name="network">What is going to be trained.</param>
    /// <returns>The parameters that were taken over.</returns>
    /// <exception cref="SoraException">None fits, so that nothing would be learnt on from.</exception>
    public static IReadOnlyList<string> WarmStart<T>(Network<T> earlier, Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<string> taken = [];
        foreach (Parameter<T> parameter in network.Parameters)
            if (Array.Find(earlier.Parameters, other => other.Path == parameter.Path && other.Tensor.Shape.Equals(parameter.Tensor.Shape)) is { } other)
            {
                ((ReadOnlySpan<T>)other.Values).CopyTo(parameter.Values);
                taken.Add(parameter.Path);
            }
        return taken.Count > 0 ? taken : throw new SoraException("no parameter of the earlier model has the place and shape of one of this model: there is nothing to start from");
    }
}
