using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.Models;

/// <summary>What is computed from a sample: a series of blocks whose shapes fit each other, checked before anything is allocated.</summary>
public sealed class Model
{
    /// <param name="input">Shape of one sample.</param>
    /// <param name="blocks">In the order in which samples pass through them.</param>
    /// <exception cref="UsageException">A block does not take what the one before it gives; the line names both, and both shapes.</exception>
    public Model(Shape input, params Block[] blocks)
    {
        (Input, Blocks) = (input, new(blocks));
        Output = Blocks.OutputOf(input);
        Parameters = Blocks.ParametersOf(input);
        Flops = Blocks.FlopsOf(input);
    }

    /// <summary>Shape of one sample.</summary>
    public Shape Input { get; }

    /// <summary>Shape of what comes out for it.</summary>
    public Shape Output { get; }

    /// <summary>The blocks.</summary>
    public Series Blocks { get; }

    /// <summary>All that is learnt, block by block; names are paths: "0/weights".</summary>
    public IReadOnlyList<ParameterTensor> Parameters { get; }

    /// <summary>Numbers that are learnt.</summary>
    public long ParameterCount => Parameters.Sum(tensor => (long)tensor.Shape.Elements);

    /// <summary>Additions and multiplications of one sample's forward pass, about.</summary>
    public long Flops { get; }

    /// <summary>"28 × 28 × 1 → convolution(8, 5 × 5) → … → 10", sub-models with all that is inside: other models read otherwise.</summary>
    public override string ToString() => $"{Input} → {string.Join(" → ", Blocks.Blocks.Select(block => block.Description))} → {Output}";
}
