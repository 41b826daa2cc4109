using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.SubModels;

/// <summary>Sub-models' layers, and the rule's over one row of all their outputs.</summary>
// The rule costs one more copy of the outputs, which are in cache; every rule is then one layer.
internal sealed class BranchesLayer<T> : Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Sub-models have the numbers before it.
    private const int RuleChild = 62;

    private readonly SubModelLayer<T>[] subModels;
    private readonly AlignedBuffer<T>[] outputs, outputGradients;
    private readonly int[] lengths;
    private readonly int row;
    private readonly Layer<T> rule;
    private readonly AlignedBuffer<T> joined, joinedGradient, inputPart;

    internal BranchesLayer(LayerContext<T> context, Branches block)
    {
        Shape input = context.Input;
        lengths = [.. block.SubModels.Select(each => each.OutputOf(input).Elements)];
        row = lengths.Sum();
        subModels = new SubModelLayer<T>[lengths.Length];
        Parameter<T>[][] parameters = new Parameter<T>[lengths.Length][];
        int next = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            (int owner, int borrowed) = block.OwnerFor(block.SubModels[i], input);
            int own = block.SubModels[i].ParametersOf(input).Count - borrowed;
            parameters[i] = [.. borrowed > 0 ? parameters[owner][..borrowed] : [], .. context.Parameters.Span.Slice(next, own)];
            next += own;
            subModels[i] = (SubModelLayer<T>)block.SubModels[i].Bind(context.Inside(i, input, 0, 0) with { Parameters = parameters[i] });
        }
        rule = RuleOf(context, block, next);
        (outputs, outputGradients) = (BuffersFor(context.Capacity), BuffersFor(context.Capacity));
        (joined, joinedGradient, inputPart) = (new(context.Capacity * row), new(context.Capacity * row), new(context.Capacity * input.Elements));
    }

    internal IReadOnlyList<SubModelLayer<T>> SubModels => subModels;

    public override void Forward(in Pass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        Span<T> rows = joined.GetSpan()[..(pass.Samples * row)];
        for (int i = 0, begin = 0; i < subModels.Length; begin += lengths[i++])
        {
            Span<T> given = outputs[i].GetSpan()[..(pass.Samples * lengths[i])];
            subModels[i].Forward(pass, input, given);
            for (int sample = 0; sample < pass.Samples; sample++)
                given.Slice(sample * lengths[i], lengths[i]).CopyTo(rows[(sample * row + begin)..]);
        }
        rule.Forward(pass, rows, output);
    }

    public override void Backward(in Pass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        Span<T> slopes = joinedGradient.GetSpan()[..(pass.Samples * row)], part = inputPart.GetSpan()[..inputGradient.Length];
        rule.Backward(pass, joined.GetSpan()[..slopes.Length], output, outputGradient, slopes);
        for (int i = 0, begin = 0; i < subModels.Length; begin += lengths[i++])
        {
            Span<T> given = outputs[i].GetSpan()[..(pass.Samples * lengths[i])], slope = outputGradients[i].GetSpan()[..given.Length];
            for (int sample = 0; sample < pass.Samples; sample++)
                slopes.Slice(sample * row + begin, lengths[i]).CopyTo(slope[(sample * lengths[i])..]);
            subModels[i].Backward(pass, input, given, slope, i == 0 ? inputGradient : part);
            if (i > 0)
                Elementwise.Add(inputGradient, (ReadOnlySpan<T>)part);
        }
    }

    public override void Dispose()
    {
        foreach (Layer<T> layer in (Layer<T>[])[.. subModels, rule])
            layer.Dispose();
        foreach (AlignedBuffer<T> buffer in (AlignedBuffer<T>[])[.. outputs, .. outputGradients, joined, joinedGradient, inputPart])
            ((IDisposable)buffer).Dispose();
        base.Dispose();
    }

    private Layer<T> RuleOf(LayerContext<T> context, Branches block, int parameter) => block.Rule switch
    {
        CombiningRule.Mean => new MeanOverTimeLayer<T>(lengths.Length, lengths[0]),
        CombiningRule.Max => new LargestLayer<T>(lengths.Length, lengths[0], context.Capacity),
        CombiningRule.Vote => new VoteLayer<T>(lengths.Length, lengths[0], context.Capacity),
        CombiningRule.Learned => block.Head(context.Input)!.Bind(context.Inside(RuleChild, new Shape(row), parameter, 2)),
        _ => new FlattenLayer<T>(),
    };

    private AlignedBuffer<T>[] BuffersFor(int capacity) => [.. lengths.Select(length => new AlignedBuffer<T>(capacity * length))];
}
