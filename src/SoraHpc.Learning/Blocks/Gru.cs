using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Blocks;

/// <summary>A gated recurrent unit: reads time × features step by step and gives its last state, or all of them.</summary>
/// <param name="Units">Numbers in its state, ≥ 1.</param>
/// <param name="Sequence">Whether every state comes out (time × Units) or the last (Units).</param>
/// <remarks>r = σ(xWᵣ + bᵣ + hUᵣ), z = σ(xW_z + b_z + hU_z), n = tanh(xWₙ + bₙ + r∘(hUₙ + cₙ)), h' = (1 − z)∘n + z∘h. Source: Cho et al. (2014), with
/// the reset after the product, so that one product serves all three.</remarks>
public sealed record Gru(int Units, bool Sequence = false) : Block
{
    /// <summary>Numbers in its state.</summary>
    public int Units { get; } = Units >= 1 ? Units : throw new UsageException($"gru({Units}): give 1 unit or more");

    /// <inheritdoc/>
    public override string Name => $"gru({Units}{(Sequence ? ", all steps" : "")})";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input) => input.Rank != 2 ? throw Refuse(input, "time × features") : Sequence ? new(input[0], Units) : new(Units);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> ParametersOf(Shape input) =>
    [
        new("weights", new(input[1], 3 * Units), 0, Math.Sqrt(6.0 / (input[1] + Units))),
        new("bias", new(3 * Units), 0),
        new("recurrent", new(Units, 3 * Units), 0, Math.Sqrt(3.0 / Units)),
        new("recurrent-bias", new(Units), 0),
    ];

    /// <inheritdoc/>
    public override long FlopsOf(Shape input) => 6L * Units * input[0] * (input[1] + Units) + 20L * Units * input[0];

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new GruLayer<T>(context, this);
}

// Of every sample and step are kept: three gates, the candidate's recurrent part, and the state. Sample by sample, so that a step's rows of all
// samples are a matrix with a stride.
internal sealed unsafe class GruLayer<T> : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerContext<T> context;
    private readonly int units, time, features, gateStride, stateStride;
    private readonly bool sequence;
    private readonly Parameter<T> weights, bias, recurrent, recurrentBias;
    private readonly AlignedBuffer<T> gates, hidden, states, error, previous;

    internal GruLayer(LayerContext<T> context, Gru block)
    {
        this.context = context;
        (units, sequence, time, features) = (block.Units, block.Sequence, context.Input[0], context.Input[1]);
        (gateStride, stateStride) = (time * 3 * units, (time + 1) * units);
        ReadOnlySpan<Parameter<T>> parameters = context.Parameters.Span;
        (weights, bias, recurrent, recurrentBias) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        (gates, hidden) = (new(context.Capacity * gateStride), new(context.Capacity * gateStride));
        (states, error, previous) = (new(context.Capacity * stateStride), new(context.Capacity * units), new(context.Capacity * units));
    }

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        Elementwise.Repeat(bias.Values, gates.GetSpan()[..(pass.Samples * gateStride)]);
        fixed (T* x = input, w = weights.Values, u = recurrent.Values)
        {
            context.Products.Multiply(false, false, pass.Samples * time, 3 * units, features, x, features, w, 3 * units, T.One, gates.Address, 3 * units);
            for (int step = 0; step < time; step++)
            {
                context.Products.Multiply(false, false, pass.Samples, 3 * units, units, states.Address + step * units, stateStride, u, 3 * units, T.Zero, hidden.Address + step * 3 * units, gateStride);
                for (int sample = 0; sample < pass.Samples; sample++)
                    Advance(At(gates, sample, step), At(hidden, sample, step), State(sample, step), State(sample, step + 1));
            }
        }
        for (int sample = 0; sample < pass.Samples; sample++)
            if (sequence)
                states.GetSpan().Slice(sample * stateStride + units, time * units).CopyTo(output[(sample * time * units)..]);
            else
                State(sample, time).CopyTo(output[(sample * units)..]);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        error.GetSpan().Clear();
        fixed (T* x = input, w = weights.Values, dw = weights.Gradient, u = recurrent.Values, du = recurrent.Gradient, dx = inputGradient)
        {
            for (int step = time - 1; step >= 0; step--)
            {
                for (int sample = 0; sample < pass.Samples; sample++)
                {
                    Span<T> dh = error.GetSpan().Slice(sample * units, units);
                    if (sequence)
                        Elementwise.Add(dh, outputGradient.Slice((sample * time + step) * units, units));
                    else if (step == time - 1)
                        Elementwise.Add(dh, outputGradient.Slice(sample * units, units));
                    Return(At(gates, sample, step), At(hidden, sample, step), State(sample, step), dh, previous.GetSpan().Slice(sample * units, units));
                }
                T* late = hidden.Address + step * 3 * units;
                context.Products.Multiply(true, false, units, 3 * units, pass.Samples, states.Address + step * units, stateStride, late, gateStride, T.One, du, 3 * units);
                context.Products.Multiply(false, true, pass.Samples, units, 3 * units, late, gateStride, u, 3 * units, T.One, previous.Address, units);
                previous.GetSpan().CopyTo(error.GetSpan());
            }
            context.Products.Multiply(true, false, features, 3 * units, pass.Samples * time, x, features, gates.Address, 3 * units, T.One, dw, 3 * units);
            if (!inputGradient.IsEmpty)
                context.Products.Multiply(false, true, pass.Samples * time, features, 3 * units, gates.Address, 3 * units, w, 3 * units, T.Zero, dx, features);
        }
        Elementwise.AddRows(bias.Gradient, gates.GetSpan()[..(pass.Samples * gateStride)]);
        for (int sample = 0; sample < pass.Samples; sample++)
            for (int step = 0; step < time; step++)
                Elementwise.Add(recurrentBias.Gradient, At(hidden, sample, step)[(2 * units)..]);
    }

    public override void Dispose()
    {
        foreach (AlignedBuffer<T> buffer in (AlignedBuffer<T>[])[gates, hidden, states, error, previous])
            ((IDisposable)buffer).Dispose();
        base.Dispose();
    }

    private Span<T> At(AlignedBuffer<T> buffer, int sample, int step) => buffer.GetSpan().Slice(sample * gateStride + step * 3 * units, 3 * units);

    private Span<T> State(int sample, int step) => states.GetSpan().Slice(sample * stateStride + step * units, units);

    // Gates hold x's part before and r, z, n after; hidden's last third becomes hUₙ + cₙ.
    private void Advance(Span<T> gate, Span<T> late, ReadOnlySpan<T> state, Span<T> next)
    {
        Span<T> candidate = gate[(2 * units)..];
        Elementwise.Add(gate[..(2 * units)], late[..(2 * units)]);
        Elementwise.Add(late[(2 * units)..], recurrentBias.Values);
        Map<Sigmoid<T>>(gate[..(2 * units)]);
        for (int i = 0; i < units; i++)
            candidate[i] += gate[i] * late[2 * units + i];
        Map<Tanh<T>>(candidate);
        for (int i = 0; i < units; i++)
            next[i] = candidate[i] + gate[units + i] * (state[i] - candidate[i]);
    }

    // Gates become the gradients before the functions on x's side, hidden those on h's side.
    private void Return(Span<T> gate, Span<T> late, ReadOnlySpan<T> state, ReadOnlySpan<T> dh, Span<T> dState)
    {
        for (int i = 0; i < units; i++)
        {
            T r = gate[i], z = gate[units + i], n = gate[2 * units + i], bent = dh[i] * (T.One - z) * (T.One - n * n);
            dState[i] = dh[i] * z;
            gate[i] = late[i] = bent * late[2 * units + i] * r * (T.One - r);
            gate[units + i] = late[units + i] = dh[i] * (state[i] - n) * z * (T.One - z);
            gate[2 * units + i] = bent;
            late[2 * units + i] = bent * r;
        }
    }

    private static void Map<TFunction>(Span<T> values) where TFunction : struct, IActivationFunction<T>
    {
        int i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
            TFunction.Value(new(values[i..])).CopyTo(values[i..]);
        Span<T> tail = stackalloc T[Vector<T>.Count];
        values[i..].CopyTo(tail);
        TFunction.Value(new(tail)).CopyTo(tail);
        tail[..(values.Length - i)].CopyTo(values[i..]);
    }
}
