using System.Numerics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.Training;

/// <summary>Samples in memory, one after the other: all of them, or one rank's share.</summary>
public sealed class SampleTable<T> : ISamples<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] inputs, targets;

    /// <param name="shape">Shape of a sample.</param>
    /// <param name="inputs">Samples × elements; not copied.</param>
    /// <param name="targets">Samples × targets, ≥ 1 each; not copied.</param>
    /// <param name="first">Index of the first sample held, in the whole data set.</param>
    /// <param name="count">Samples of the whole data set; −1: those held are all.</param>
    /// <exception cref="ArgumentException">Inputs and targets are of different numbers of samples.</exception>
    public SampleTable(Shape shape, T[] inputs, T[] targets, long first = 0, long count = -1)
    {
        int held = inputs.Length / shape.Elements;
        if (inputs.Length % shape.Elements != 0 || held == 0 && targets.Length > 0 || held > 0 && targets.Length % held != 0)
            throw new ArgumentException($"{inputs.Length} numbers are no samples of {shape} for {targets.Length} targets", nameof(inputs));
        (Shape, this.inputs, this.targets, First, Held) = (shape, inputs, targets, first, held);
        Count = count >= 0 ? count : held;
        Targets = held > 0 ? targets.Length / held : 1;
    }

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public Shape Shape { get; }

    /// <inheritdoc/>
    public int Targets { get; }

    /// <summary>Index of the first sample held.</summary>
    public long First { get; }

    /// <summary>Samples held.</summary>
    public int Held { get; }

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<long> indices, Span<T> inputs, Span<T> targets)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            int row = checked((int)(indices[i] - First));
            this.inputs.AsSpan(row * Shape.Elements, Shape.Elements).CopyTo(inputs[(i * Shape.Elements)..]);
            this.targets.AsSpan(row * Targets, Targets).CopyTo(targets[(i * Targets)..]);
        }
    }
}
