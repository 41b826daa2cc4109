using System.Globalization;
using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Training;

/// <summary>
/// Trains a network on all ranks: every rank computes its strata's micro-batches, gradients are summed in an order that does not depend on
/// ranks, and each rank takes the same step. Read <see cref="TakeStep"/>.
/// </summary>
/// <remarks>The same bits on any number of ranks: a micro-batch is computed by the same calls on the same numbers whoever has it. Every rank needs
/// the same library for matrix products, with one thread. Used by one thread a rank.</remarks>
public sealed partial class Trainer<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Communicator communicator;
    private readonly BatchGradient<T> gradient;
    private readonly T[][] moments;
    private readonly double[] epochLoss, epochRight;            // of every own stratum, 0 for others
    private readonly T[] best;
    private readonly List<EpochReport> history = [];
    private double bestLoss = double.PositiveInfinity;
    private int epochsWithoutGain;

    /// <summary>Makes the network and its memory. Collective.</summary>
    /// <param name="communicator">All ranks that train; messages go over one of the trainer's own.</param>
    /// <param name="model">What is trained.</param>
    /// <param name="samples">What it learns from; a rank reads the samples of its own strata (<see cref="Strata"/>).</param>
    /// <param name="options">How.</param>
    /// <param name="products">Matrix products: the same library on every rank.</param>
    /// <param name="ownerOf">Rank of every stratum, the same on every rank; empty: <see cref="EvenOwners"/>.</param>
    /// <exception cref="UsageException">Samples, model and loss do not go together.</exception>
    /// <exception cref="SoraException">Ranks were given samples with other columns, or other models.</exception>
    public Trainer(Communicator communicator, Model model, ISamples<T> samples, TrainingOptions options, MatrixProducts<T> products, ReadOnlySpan<int> ownerOf = default)
    {
        SampleCheck.Shapes(samples, model, options.Loss, options.IsWeighted);
        SampleCheck.Agreement(communicator, samples, model);
        (Options, this.communicator) = (options, communicator.Duplicate());
        Network = new(model, products, options.MicroBatch, options.Seed);
        gradient = new(this.communicator, Network, samples, options, ownerOf.IsEmpty ? EvenOwners(options.Strata, communicator.Size) : ownerOf.ToArray());
        moments = [.. Enumerable.Range(0, options.Optimiser.Moments).Select(_ => new T[Network.Values.Length])];
        (epochLoss, epochRight) = (new double[options.Strata], new double[options.Strata]);
        best = options.Patience > 0 ? new T[Network.Values.Length] : [];
    }

    /// <summary>Rank of every stratum where ranks have consecutive shares, equal to one stratum.</summary>
    public static int[] EvenOwners(int strata, int ranks) => [.. Enumerable.Range(0, strata).Select(stratum => (int)((long)stratum * ranks / strata))];

    /// <summary>How it is trained.</summary>
    public TrainingOptions Options { get; }

    /// <summary>What is trained; the same numbers on every rank.</summary>
    public Network<T> Network { get; }

    /// <summary>What the gradient summed over all ranks goes through before a step, such as <see cref="Compression.SharedWeights.Share"/>: the same on every
    /// rank. Null, the default: nothing. It is no part of what <see cref="Save"/> keeps.</summary>
    public Action<Network<T>>? Constraint { get; set; }

    /// <summary>Steps taken.</summary>
    public long Step { get; private set; }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch => gradient.Strata.Batches;

    /// <summary>Steps of all epochs; fewer are taken where training stops early.</summary>
    public long Steps => (long)StepsPerEpoch * Options.Epochs;

    /// <summary>True when no step is left; the same on every rank.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Samples this rank has computed.</summary>
    public long OwnSamples => gradient.OwnSamples;

    /// <summary>Ticks of <see cref="System.Diagnostics.Stopwatch"/> that this rank has waited for others' gradients.</summary>
    public long WaitTicks => gradient.WaitTicks;

    /// <summary>One report an epoch; the same on every rank.</summary>
    public IReadOnlyList<EpochReport> History => history;

    /// <summary>One batch: gradients of all strata, their sum, a step. Collective.</summary>
    /// <param name="validation">Looked at after the last step of an epoch; null for none.</param>
    /// <exception cref="SoraException">The gradient is infinite or not a number, on every rank: the line says in which step, and the loss.</exception>
    public void TakeStep(ISamples<T>? validation = null)
    {
        (int epoch, int batch) = ((int)(Step / StepsPerEpoch), (int)(Step % StepsPerEpoch));
        if (batch == 0)
            gradient.Shuffle(epoch, Options.Seed);
        double rate = Options.Rate.At(Step, Steps, Options.Batch);
        gradient.Compute(batch, batch + 1, epoch, isTraining: true);
        CheckFinite(epoch, gradient.Strata.BatchSamples(batch), rate);
        Constraint?.Invoke(Network);
        Elementwise.Add(epochLoss, gradient.LossOf);
        Elementwise.Add(epochRight, gradient.RightOf);
        Update(rate);
        Step++;
        if (batch == StepsPerEpoch - 1)
            EndEpoch(epoch, rate, validation);
    }

    /// <summary>Loss and rightness over samples that lie in as many strata on the same ranks. Collective.</summary>
    public Evaluation Evaluate(ISamples<T> judged)
    {
        SampleCheck.Shapes(judged, Network.Model, Options.Loss, Options.IsWeighted);
        return gradient.Evaluate(judged);
    }

    /// <summary>Mean loss over all samples, penalty included; its gradient is left in <see cref="Network{T}.Gradients"/>. No step is taken. Collective.</summary>
    /// <exception cref="UsageException">The model has sparse parameters.</exception>
    public double FullGradient()
    {
        if (Array.Exists(Network.Parameters, parameter => parameter.Tensor.Kind != ParameterKind.Dense))
            throw new UsageException($"{Network.Model} has parameters that have no gradient over all samples at once: train it batch by batch");
        gradient.Unshuffle();
        gradient.Compute(0, StepsPerEpoch, epoch: 0, isTraining: false);
        double loss = gradient.Sum(gradient.LossOf) / gradient.Strata.Samples;
        foreach (Parameter<T> parameter in Network.Parameters)
            loss += AddPenalty(parameter);
        return loss;
    }

    /// <summary>Collective.</summary>
    public void Dispose()
    {
        gradient.Dispose();
        Network.Dispose();
        communicator.Dispose();
    }

    private void Update(double rate)
    {
        int begin = 0;
        for (int i = 0; i < Network.Parameters.Length; i++)
        {
            Parameter<T> parameter = Network.Parameters[i];
            if (parameter.Tensor.Kind == ParameterKind.Statistic)
                parameter.Gradient.CopyTo(parameter.Values);    // the mean over the batch of what layers made of it
            else if (gradient.SparseOf(i) is { } rows)
                for (int row = 0; row < rows.Count; row++)
                    Move(begin + rows.Touched[row] * rows.Columns, rows.Sums.Slice(row * rows.Columns, rows.Columns), rate);
            else
            {
                _ = AddPenalty(parameter);
                Move(begin, parameter.Gradient, rate);
            }
            begin += parameter.Values.Length;
        }
    }

    private void Move(int begin, ReadOnlySpan<T> slope, double rate) => Options.Optimiser.Update(Network.Values.Span.Slice(begin, slope.Length), slope,
        moments.Length > 0 ? moments[0].AsSpan(begin, slope.Length) : default, moments.Length > 1 ? moments[1].AsSpan(begin, slope.Length) : default, rate, Step + 1);

    private double AddPenalty(Parameter<T> parameter)
    {
        if (Options.Penalty == 0 || parameter.Tensor.Shape.Rank < 2 || parameter.Tensor.Kind != ParameterKind.Dense)
            return 0;
        T penalty = T.CreateChecked(Options.Penalty);
        Span<T> slope = parameter.Gradient, values = parameter.Values;
        double squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            slope[i] += penalty * values[i];
            squares += double.CreateTruncating(values[i]) * double.CreateTruncating(values[i]);
        }
        return 0.5 * Options.Penalty * squares;
    }

    // One look at 4 B a parameter; the same on every rank, so all fail together.
    private void CheckFinite(int epoch, int count, double rate)
    {
        if (Elementwise.FirstNotFinite<T>(Network.Gradients.Span) < 0)
            return;
        double loss = gradient.Sum(gradient.LossOf) / count;
        throw new SoraException(string.Create(CultureInfo.InvariantCulture,
            $"training diverged in step {Step + 1} (epoch {epoch + 1}): the loss is {loss:G4} and its gradient no longer finite; take a learning rate below {rate:G4}"));
    }

    private void EndEpoch(int epoch, double rate, ISamples<T>? validation)
    {
        long count = gradient.Strata.Samples;
        Evaluation training = new(count, gradient.Sum(epochLoss) / count, (long)gradient.Sum(epochRight));
        Evaluation? judged = validation is null ? null : Evaluate(validation);
        history.Add(new(epoch + 1, rate, training, judged));
        Array.Clear(epochLoss);
        Array.Clear(epochRight);
        IsDone = Step == Steps || Options.Patience > 0 && StopsAfter((judged ?? training).Loss);
        if (IsDone && Options.Patience > 0)
            best.CopyTo(Network.Values);
    }

    private bool StopsAfter(double loss)
    {
        epochsWithoutGain++;
        if (loss < bestLoss)
        {
            (bestLoss, epochsWithoutGain) = (loss, 0);
            Network.Values.CopyTo(best);
        }
        return epochsWithoutGain >= Options.Patience;
    }
}
