namespace SoraHpc.Learning.Blocks;

/// <summary>How a parameter comes by its next value.</summary>
public enum ParameterKind
{
    /// <summary>By the optimiser, from a gradient as large as itself.</summary>
    Dense,
    /// <summary>By the optimiser, from gradients of the few rows that a batch used: of the others nothing changes, moments included.</summary>
    Sparse,
    /// <summary>As a moving average of what layers found in the samples; no gradient. Layers add it up in the gradient's place, times their samples.</summary>
    Statistic,
}

/// <summary>Numbers that a block learns: described before any memory is there.</summary>
/// <param name="Name">"weights", "bias" …, one word.</param>
/// <param name="Shape">Rows × columns for weights.</param>
/// <param name="Start">Mean of the first values.</param>
/// <param name="Spread">First values lie uniformly in <paramref name="Start"/> ± this, ≥ 0.</param>
/// <param name="Kind">How it learns.</param>
public sealed record ParameterTensor(string Name, Shape Shape, double Start, double Spread = 0, ParameterKind Kind = ParameterKind.Dense);
