using System.Numerics;
using System.Text.Json.Serialization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.SubModels;

/// <summary>A part of a model that has a name and can be asked what it contributes: some blocks over some columns of what comes in. In a series it is a
/// stage, in <see cref="Branches"/> one of several side by side.</summary>
/// <param name="Title">Its name: not empty, without a slash.</param>
/// <param name="Body">Its blocks.</param>
/// <param name="Columns">What it sees of its input; null: all.</param>
[method: JsonConstructor]
public sealed record SubModel(string Title, Series Body, ColumnRange? Columns = null) : Block
{
    /// <param name="title">Its name.</param>
    /// <param name="columns">What it sees of its input; null: all.</param>
    /// <param name="blocks">Its blocks.</param>
    public SubModel(string title, ColumnRange? columns, params Block[] blocks) : this(title, new Series(blocks), columns) { }

    /// <summary>Its name.</summary>
    public string Title { get; } = Title.Length > 0 && !Title.Contains('/') ? Title : throw new UsageException($"'{Title}' names no sub-model: give a word without a slash");

    /// <inheritdoc/>
    public override string Name => $"sub-model {Title}";

    /// <summary>"sub-model judge[0, 12)(dense(4))".</summary>
    public override string Description => $"{Name}{Columns}{Body.Description}";

    /// <summary>Shape of what it sees.</summary>
    /// <exception cref="UsageException">Such an input does not have these columns.</exception>
    public Shape InputOf(Shape input)
    {
        if (Columns is not { } columns)
            return input;
        if (columns.Begin < 0 || columns.End > input[0] || columns.Begin >= columns.End)
            throw Refuse(input, $"columns {columns}");
        return new([columns.End - columns.Begin, .. input.Lengths.Skip(1)]);
    }

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input)
    {
        Shape seen = InputOf(input);
        try
        {
            return Body.OutputOf(seen);
        }
        catch (UsageException refusal)
        {
            throw new UsageException($"{Name}: {refusal.Message}");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> ParametersOf(Shape input) => Body.ParametersOf(InputOf(input));

    /// <inheritdoc/>
    public override long FlopsOf(Shape input) => Body.FlopsOf(InputOf(input));

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new SubModelLayer<T>(context, this);
}

/// <summary>A sub-model's layers; it can be away, and then gives what it gives on the mean.</summary>
internal sealed class SubModelLayer<T> : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Layer<T> body;
    private readonly int begin, length, whole;
    private readonly AlignedBuffer<T> part, partGradient;
    private readonly double[] sum;
    private readonly T[] mean;
    private long summed;

    internal SubModelLayer(LayerContext<T> context, SubModel block)
    {
        Shape seen = block.InputOf(context.Input);
        (Title, whole, length) = (block.Title, context.Input.Elements, seen.Elements);
        begin = (block.Columns?.Begin ?? 0) * (whole / context.Input[0]);
        body = block.Body.Bind(context with { Input = seen });
        int copied = length < whole ? context.Capacity * length : 0;
        (part, partGradient) = (new(copied), new(copied));
        sum = new double[block.Body.OutputOf(seen).Elements];
        mean = new T[sum.Length];
    }

    internal string Title { get; }

    /// <summary>Whether <see cref="Forward"/> writes the mean of what it gave while it was listened to, for every sample.</summary>
    internal bool IsAway { get; set; }

    /// <summary>Whether outputs are summed for their mean; it begins anew when this becomes true.</summary>
    internal bool IsListenedTo
    {
        get;
        set
        {
            if (value)
            {
                summed = 0;
                Array.Clear(sum);
            }
            else
                for (int i = 0; i < sum.Length; i++)
                    mean[i] = T.CreateTruncating(sum[i] / summed);
            field = value;
        }
    }

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        if (IsAway)
            Elementwise.Repeat<T>(mean, output);
        else
            body.Forward(pass, Seen(pass, input, copy: true), output);
        if (!IsListenedTo)
            return;
        summed += pass.Samples;
        for (int i = 0; i < output.Length; i++)
            sum[i % sum.Length] += double.CreateTruncating(output[i]);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        if (length == whole || inputGradient.IsEmpty)
        {
            body.Backward(pass, Seen(pass, input, copy: false), output, outputGradient, inputGradient);
            return;
        }
        Span<T> gradient = partGradient.GetSpan()[..(pass.Samples * length)];
        body.Backward(pass, Seen(pass, input, copy: false), output, outputGradient, gradient);
        inputGradient.Clear();
        for (int sample = 0; sample < pass.Samples; sample++)
            gradient.Slice(sample * length, length).CopyTo(inputGradient[(sample * whole + begin)..]);
    }

    public override void Dispose()
    {
        body.Dispose();
        ((IDisposable)part).Dispose();
        ((IDisposable)partGradient).Dispose();
        base.Dispose();
    }

    // Backward finds the columns where Forward left them.
    private ReadOnlySpan<T> Seen(in Pass pass, ReadOnlySpan<T> input, bool copy)
    {
        if (length == whole)
            return input;
        Span<T> seen = part.GetSpan()[..(pass.Samples * length)];
        for (int sample = 0; sample < pass.Samples && copy; sample++)
            input.Slice(sample * whole + begin, length).CopyTo(seen[(sample * length)..]);
        return seen;
    }
}
