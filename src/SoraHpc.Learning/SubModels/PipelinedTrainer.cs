using System.Globalization;
using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.SubModels;

/// <summary>
/// Trains a model whose blocks lie on several ranks, for models that one rank has no room for. A batch goes through as micro-batches: while one is computed
/// on a rank, others are on other ranks or on their way. Read <see cref="TakeStep"/>.
/// </summary>
/// <remarks>The same bits on any number of ranks and for any cuts: every block does the same calls on the same numbers, and gradients are summed
/// micro-batch after micro-batch where their parameters are. Source of the schedule: Huang et al., GPipe (2019); activations are kept, not computed again.
/// Used by one thread a rank.</remarks>
// Every activation between stages travels once forward, its gradient once backward; gradients of parameters never travel.
public sealed class PipelinedTrainer<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Communicator communicator;
    private readonly Model model;
    private readonly ISamples<T> samples;
    private readonly PipelinedTrainerOptions options;
    private readonly PipelineStage<T> stage;
    private readonly Request[] inputs, slopes, sends;
    private readonly T[] read, targets;

    /// <summary>Makes this rank's blocks. Collective.</summary>
    /// <param name="communicator">All ranks that have blocks, in the order of the blocks; messages go over one of the pipeline's own.</param>
    /// <param name="model">What is trained.</param>
    /// <param name="samples">What it learns from; the first and the last rank read any of them.</param>
    /// <param name="options">How.</param>
    /// <param name="products">Matrix products: the same library on every rank.</param>
    /// <param name="cuts">Rank i has blocks [cuts[i], cuts[i + 1]); the same on every rank. Empty: balanced, <see cref="Splitting.CutsFor"/>.</param>
    /// <exception cref="UsageException">More ranks than blocks, wrong cuts, or samples, model and loss do not go together.</exception>
    public PipelinedTrainer(Communicator communicator, Model model, ISamples<T> samples, PipelinedTrainerOptions options, MatrixProducts<T> products, int[]? cuts = null)
    {
        SampleCheck.Shapes(samples, model, options.Loss);
        cuts ??= Splitting.CutsFor(model, communicator.Size);
        if (Splitting.ByBlocks(model, cuts).Blocks.Blocks.Count != communicator.Size)
            throw new UsageException($"{cuts.Length - 1} stages for {communicator.Size} ranks: give one stage a rank");
        (this.communicator, this.model, this.samples, this.options, Cuts) = (communicator.Duplicate(), model, samples, options, cuts);
        stage = new(model, Cuts[communicator.Rank], Cuts[communicator.Rank + 1], options, products);
        (inputs, slopes, sends) = (new Request[options.MicroBatches], new Request[options.MicroBatches], new Request[2 * options.MicroBatches]);
        (read, targets) = (new T[options.MicroBatch * model.Input.Elements], new T[options.MicroBatch * samples.Targets]);
    }

    /// <summary>First block of every rank, and the number of blocks.</summary>
    public IReadOnlyList<int> Cuts { get; }

    /// <summary>Steps taken.</summary>
    public long Step { get; private set; }

    private bool IsFirst => communicator.Rank == 0;

    private bool IsLast => communicator.Rank == communicator.Size - 1;

    /// <summary>One batch: all micro-batches forward, then all backward, then a step. Collective.</summary>
    /// <param name="indices">The batch's samples, the same on every rank: 1 to micro-batches × micro-batch.</param>
    /// <param name="rate">How far.</param>
    /// <param name="epoch">Which random numbers of dropout.</param>
    /// <returns>Mean loss of a sample before the step; the same on every rank.</returns>
    /// <exception cref="SoraException">A gradient is infinite or not a number, on every rank.</exception>
    public double TakeStep(ReadOnlySpan<long> indices, double rate, int epoch = 0)
    {
        int most = options.MicroBatches * options.MicroBatch, count = (indices.Length + options.MicroBatch - 1) / options.MicroBatch;
        if (indices.Length < 1 || indices.Length > most)
            throw new ArgumentException($"{indices.Length} samples: a batch has 1 to {most}", nameof(indices));
        stage.ClearGradients();
        StartReceives(indices.Length, count);
        double loss = 0;
        for (int i = 0; i < count; i++)
            loss += Forward(i, PassOf(indices, i, epoch));
        for (int i = 0; i < count; i++)
            Backward(i, PassOf(indices, i, epoch));
        Request.WaitAll(sends.AsSpan(0, 2 * count));
        loss = Agree(loss, rate) / indices.Length;
        stage.Update(T.One / T.CreateChecked(indices.Length), rate, ++Step);
        return loss;
    }

    /// <summary>Writes all ranks' parameters to a network of the same model, on every rank. Collective.</summary>
    public void CopyTo(Network<T> network)
    {
        T[] all = communicator.Allgatherv(stage.Values);
        if (all.Length != network.Values.Length)
            throw new ArgumentException($"{network.Model} has {network.Values.Length} parameters, and the pipeline {all.Length}", nameof(network));
        all.CopyTo(network.Values);
    }

    /// <summary>Collective.</summary>
    public void Dispose()
    {
        stage.Dispose();
        communicator.Dispose();
    }

    private Pass PassOf(ReadOnlySpan<long> indices, int microBatch, int epoch) =>
        new(indices[(microBatch * options.MicroBatch)..Math.Min(indices.Length, (microBatch + 1) * options.MicroBatch)], isTraining: true, epoch);

    // All of them before the first is computed: what comes early finds its place.
    private void StartReceives(int total, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int samplesOf = Math.Min(options.MicroBatch, total - i * options.MicroBatch);
            inputs[i] = IsFirst ? default : communicator.StartReceive(stage.Inputs[i].Memory[..(samplesOf * stage.Input.Elements)], communicator.Rank - 1, 2 * i);
            slopes[i] = IsLast ? default : communicator.StartReceive(stage.OutputGradients[i].Memory[..(samplesOf * stage.Output.Elements)], communicator.Rank + 1, 2 * i + 1);
        }
    }

    // Returns the micro-batch's loss on the last rank, 0 on others.
    private double Forward(int microBatch, in Pass pass)
    {
        Span<T> wanted = targets.AsSpan(0, pass.Samples * samples.Targets);
        if (IsFirst)
            samples.Read(pass.Indices, stage.Inputs[microBatch].GetSpan()[..(pass.Samples * stage.Input.Elements)], wanted);
        inputs[microBatch].Wait();
        stage.Forward(microBatch, pass);
        ReadOnlyMemory<T> output = stage.Outputs[microBatch].Memory[..(pass.Samples * stage.Output.Elements)];
        sends[2 * microBatch] = IsLast ? default : communicator.StartSend(output, communicator.Rank + 1, 2 * microBatch);
        if (!IsLast)
            return 0;
        if (!IsFirst)
            samples.Read(pass.Indices, read.AsSpan(0, pass.Samples * model.Input.Elements), wanted);
        return LossKernel.Evaluate<T>(options.Loss, stage.Output.Elements, output.Span, wanted, stage.OutputGradients[microBatch].GetSpan()[..output.Length]);
    }

    private void Backward(int microBatch, in Pass pass)
    {
        slopes[microBatch].Wait();
        stage.Backward(microBatch, pass, wantsInputGradient: !IsFirst);
        sends[2 * microBatch + 1] = IsFirst ? default
            : communicator.StartSend<T>(stage.InputGradients[microBatch].Memory[..(pass.Samples * stage.Input.Elements)], communicator.Rank - 1, 2 * microBatch + 1);
    }

    // One rank's number and zeros: the sum is exact.
    private double Agree(double loss, double rate)
    {
        Span<double> told = [loss, stage.IsFinite ? 0 : 1];
        communicator.Allreduce(told, ReduceOperation.Sum);
        return told[1] == 0 ? told[0] : throw new SoraException(string.Create(CultureInfo.InvariantCulture,
            $"training diverged in step {Step + 1}: the loss is {told[0]:G4} and its gradient no longer finite; take a learning rate below {rate:G4}"));
    }
}
