using System.Numerics;

namespace SoraHpc.Learning.Blocks;

/// <summary>A block with its parameters and memory, for micro-batches of a bounded size. Nothing is allocated after it is made. Used by one thread.</summary>
public abstract class Layer<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes outputs.</summary>
    /// <param name="pass">The micro-batch, of at least one sample and at most the capacity.</param>
    /// <param name="input">Samples × elements of the input shape.</param>
    /// <param name="output">Samples × elements of the output shape; all are written.</param>
    public abstract void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output);

    /// <summary>After <see cref="Forward"/> of the same micro-batch: adds to the parameters' gradients, and writes the input's.</summary>
    /// <param name="pass">The same micro-batch.</param>
    /// <param name="input">What went in.</param>
    /// <param name="output">What came out.</param>
    /// <param name="outputGradient">∂loss/∂output, loss summed over samples.</param>
    /// <param name="inputGradient">∂loss/∂input: all are written. Empty where nobody wants it.</param>
    public abstract void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
