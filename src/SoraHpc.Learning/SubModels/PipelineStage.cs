using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.SubModels;

/// <summary>The blocks of one rank, with their parameters once and their memory for every micro-batch that is under way. Local.</summary>
internal sealed class PipelineStage<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> values, gradients;
    private readonly SeriesLayer<T>[] layers;                   // one a micro-batch, all with the same parameters
    private readonly Parameter<T>[] parameters;
    private readonly T[][] moments;
    private readonly PipelinedTrainerOptions options;

    internal PipelineStage(Model model, int firstBlock, int endBlock, PipelinedTrainerOptions options, MatrixProducts<T> products)
    {
        this.options = options;
        Shape[] shapes = model.Blocks.ShapesFor(model.Input);
        (Input, Output) = (shapes[firstBlock], shapes[endBlock]);
        int Parameters(int begin, int end) => Enumerable.Range(begin, end - begin).Sum(i => model.Blocks.Blocks[i].ParametersOf(shapes[i]).Count);
        int before = Parameters(0, firstBlock), count = Parameters(firstBlock, endBlock);
        ParameterTensor[] tensors = [.. model.Parameters.Skip(before).Take(count)];
        values = new(tensors.Sum(tensor => tensor.Shape.Elements));
        gradients = new(tensors.Where(tensor => tensor.Kind != ParameterKind.Sparse).Sum(tensor => tensor.Shape.Elements));
        parameters = Network<T>.Place(tensors, values.Memory, gradients.Memory);
        for (int i = 0; i < count; i++)
            Network<T>.SetFirstValues(parameters[i], before + i, options.Seed);
        moments = [.. Enumerable.Range(0, options.Optimiser.Moments).Select(_ => new T[values.Length])];
        Series series = new([.. model.Blocks.Blocks.Take(firstBlock..endBlock)]);
        LayerContext<T> context = new(Input, options.MicroBatch, products, parameters, options.Seed, Stream: 0);
        layers = [.. Enumerable.Range(0, options.MicroBatches).Select(_ => new SeriesLayer<T>(context, series, firstBlock))];
        (Inputs, Outputs, OutputGradients, InputGradients) = (BuffersOf(Input), BuffersOf(Output), BuffersOf(Output), BuffersOf(Input));
    }

    /// <summary>Shape of a sample that comes in, and of what goes out.</summary>
    internal Shape Input { get; }

    internal Shape Output { get; }

    /// <summary>Of every micro-batch: what goes in and out, forward and backward.</summary>
    internal AlignedBuffer<T>[] Inputs { get; }

    internal AlignedBuffer<T>[] Outputs { get; }

    internal AlignedBuffer<T>[] OutputGradients { get; }

    internal AlignedBuffer<T>[] InputGradients { get; }

    internal ReadOnlySpan<T> Values => values.GetSpan();

    /// <summary>Whether all of this rank's gradients are finite.</summary>
    internal bool IsFinite => Elementwise.FirstNotFinite<T>(gradients.GetSpan()) < 0;

    internal void ClearGradients()
    {
        gradients.GetSpan().Clear();
        foreach (Parameter<T> parameter in parameters)
            parameter.Rows?.Clear();
    }

    internal void Forward(int microBatch, in Pass pass) => layers[microBatch].Forward(pass, Part(Inputs, microBatch, pass, Input), Part(Outputs, microBatch, pass, Output));

    internal void Backward(int microBatch, in Pass pass, bool wantsInputGradient) => layers[microBatch].Backward(pass, Part(Inputs, microBatch, pass, Input), Part(Outputs, microBatch, pass, Output),
        Part(OutputGradients, microBatch, pass, Output), wantsInputGradient ? Part(InputGradients, microBatch, pass, Input) : default);

    /// <summary>A step along the mean gradient.</summary>
    internal void Update(T factor, double rate, long step)
    {
        Elementwise.Scale(gradients.GetSpan(), factor);
        int begin = 0;
        foreach (Parameter<T> parameter in parameters)
        {
            if (parameter.Tensor.Kind == ParameterKind.Statistic)
                parameter.Gradient.CopyTo(parameter.Values);
            else if (parameter.Rows is { } rows)
            {
                Elementwise.Scale(rows.Sums, factor);
                for (int row = 0; row < rows.Count; row++)
                    Move(begin + rows.Touched[row] * rows.Columns, rows.Sums.Slice(row * rows.Columns, rows.Columns), rate, step);
            }
            else
                Move(begin, parameter.Gradient, rate, step);
            begin += parameter.Values.Length;
        }
    }

    public void Dispose()
    {
        foreach (SeriesLayer<T> layer in layers)
            layer.Dispose();
        foreach (AlignedBuffer<T> buffer in (AlignedBuffer<T>[])[values, gradients, .. Inputs, .. Outputs, .. OutputGradients, .. InputGradients])
            ((IDisposable)buffer).Dispose();
    }

    private void Move(int begin, ReadOnlySpan<T> slope, double rate, long step) => options.Optimiser.Update(values.GetSpan().Slice(begin, slope.Length), slope,
        moments.Length > 0 ? moments[0].AsSpan(begin, slope.Length) : default, moments.Length > 1 ? moments[1].AsSpan(begin, slope.Length) : default, rate, step);

    private static Span<T> Part(AlignedBuffer<T>[] buffers, int microBatch, in Pass pass, Shape shape) => buffers[microBatch].GetSpan()[..(pass.Samples * shape.Elements)];

    private AlignedBuffer<T>[] BuffersOf(Shape shape) => [.. Enumerable.Range(0, options.MicroBatches).Select(_ => new AlignedBuffer<T>(options.MicroBatch * shape.Elements))];
}
