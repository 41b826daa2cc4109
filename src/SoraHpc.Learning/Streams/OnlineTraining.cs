using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Data;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Streams;

/// <summary>A model that learns from a stream: of every window it first tells the classes, then learns them, going on from what it knows. When a detector says that it
/// is wrong more often than before, it and its pipeline start anew with what came since the change. The same bits on any number of ranks.</summary>
/// <remarks>Judging before learning: Gama, Sebastião and Rodrigues, On evaluating stream learning algorithms, Mach. Learn. 90 (2013). Moments of the optimiser
/// start at 0 in every window. Used by one thread a rank.</remarks>
public sealed class OnlineTraining<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Communicator ranks;
    private readonly Pipeline pipeline;
    private readonly Func<int, Model> modelOf;
    private readonly OnlineOptions options;
    private readonly MatrixProducts<T> products;
    private readonly IDriftDetector detector;
    private FittedPipeline? fitted;
    private Trainer<T>? trainer;
    private byte[] wrong = [];
    private int windows;

    /// <param name="ranks">All that get rows.</param>
    /// <param name="pipeline">Fitted to the window in which the model starts; every row of any window has to stay a row.</param>
    /// <param name="modelOf">The model for so many features. Its first values are those of <see cref="TrainingOptions.Seed"/>.</param>
    /// <param name="options">How.</param>
    /// <param name="products">Matrix products: the same library on every rank.</param>
    /// <param name="detector">Sees 1 for every row the model was wrong about and 0 for every other, in the order of the rows.</param>
    /// <exception cref="UsageException">The loss has no classes.</exception>
    public OnlineTraining(Communicator ranks, Pipeline pipeline, Func<int, Model> modelOf, OnlineOptions options, MatrixProducts<T> products, IDriftDetector detector)
    {
        if (options.Training.Loss == Loss.MeanSquaredError || options.Training.IsWeighted)
            throw new UsageException("a stream is learnt by classes without weights: take cross-entropy or the logistic loss");
        (this.ranks, this.pipeline, this.modelOf, this.options, this.products, this.detector) = (ranks, pipeline, modelOf, options, products, detector);
    }

    /// <summary>The model as it is; the same numbers on every rank. Null before the first window.</summary>
    public Network<T>? Network => trainer?.Network;

    /// <summary>The pipeline as it is fitted; null before the first window.</summary>
    public FittedPipeline? Fitted => fitted;

    /// <summary>Of every row of the last window, whether the model was wrong before it learnt from it: 1, else 0; empty after the first window.</summary>
    public ReadOnlySpan<byte> Wrong => wrong;

    /// <summary>Judges and learns a window. Collective.</summary>
    /// <param name="window">This rank's rows, after those of lower ranks, with labels; at least one particle, which may be empty.</param>
    /// <exception cref="SoraException">There are fewer rows than strata, features or labels nothing can be learnt from, or training that diverges.</exception>
    public WindowOutcome Take(IReadOnlyList<DataParticle> window)
    {
        long right = -1, alarm = -1, since = 0;
        if (trainer is not null)
            (right, alarm, since) = Judge(SamplesOf(window));
        bool isNew = trainer is null || alarm >= 0;
        long[] counts = ranks.Allgather(window.Sum(particle => (long)particle.Count));
        if (alarm >= 0)
            window = From(window, Math.Clamp(alarm + 1 - since, 0, Math.Max(0, counts.Sum() - options.Training.Batch)), counts[..ranks.Rank].Sum());
        if (isNew)
        {
            fitted = pipeline.Fit(ranks, window);
            detector.Reset();
        }
        SampleTable<T> samples = SamplesOf(window);
        Learn(samples, isNew);
        windows++;
        return new(windows, counts.Sum(), samples.Count, right, alarm, trainer!.History[^1].Training.Loss);
    }

    /// <summary>Collective.</summary>
    public void Dispose() => trainer?.Dispose();

    // The rows of a window from one on; of this rank's, so many come before.
    private static DataParticle[] From(IReadOnlyList<DataParticle> window, long first, long before) => [.. window.Select(particle =>
    {
        int begin = (int)Math.Clamp(first - before, 0, particle.Count);
        before += particle.Count;
        return particle.Slice(begin, particle.Count - begin);
    })];

    private SampleTable<T> SamplesOf(IReadOnlyList<DataParticle> window) => ParticleSamples.Deal<T>(ranks, fitted!.Transform(window), options.Training.Strata);

    private void Learn(SampleTable<T> samples, bool isNew)
    {
        Model model = trainer?.Network.Model ?? modelOf(samples.Shape.Elements);
        if (model.Input.Elements != samples.Shape.Elements)
            model = modelOf(samples.Shape.Elements);        // a pipeline fitted anew may give other columns
        SampleCheck.Values(samples, model, options.Training.Loss, samples.First, samples.First + samples.Held);
        // The order of the samples is another one in every window; first values stay those of the seed.
        Trainer<T> next = new(ranks, model, samples, options.Training with { Seed = options.Training.Seed + (ulong)windows, Epochs = isNew ? options.FirstEpochs : options.Training.Epochs }, products);
        if (isNew)
            next.Network.Reset(options.Training.Seed);
        else
            trainer!.Network.Values.CopyTo(next.Network.Values);
        trainer?.Dispose();
        trainer = next;
        while (!trainer.IsDone)
            trainer.TakeStep();
    }

    // Micro-batches of strata, as in training: the same calls on the same numbers whoever has them.
    private (long Right, long Alarm, long Since) Judge(SampleTable<T> samples)
    {
        Network<T> network = trainer!.Network;
        SampleCheck.Shapes(samples, network.Model, options.Training.Loss);
        Strata strata = new(samples.Count, options.Training.Strata, network.Capacity);
        byte[] own = new byte[samples.Held];
        T[] inputs = new T[network.Capacity * samples.Shape.Elements], targets = new T[network.Capacity];
        long[] indices = new long[network.Capacity];
        for (int stratum = 0; stratum < strata.Count; stratum++)
            for (int batch = 0; batch < strata.Batches && strata.Begin(stratum) >= samples.First && strata.Begin(stratum) < samples.First + samples.Held; batch++)
            {
                int count = strata.MicroBatch(stratum, batch);
                for (int i = 0; i < count; i++)
                    indices[i] = strata.Begin(stratum) + (long)batch * network.Capacity + i;
                if (count > 0)
                    Look(network, samples, indices.AsSpan(0, count), inputs, targets, own);
            }
        wrong = ranks.Allgatherv<byte>(own);
        return Watch();
    }

    private void Look(Network<T> network, SampleTable<T> samples, ReadOnlySpan<long> indices, T[] inputs, T[] targets, byte[] own)
    {
        Span<T> taken = inputs.AsSpan(0, indices.Length * samples.Shape.Elements);
        samples.Read(indices, taken, targets);
        ReadOnlySpan<T> predictions = network.Forward(new Pass(indices, isTraining: false), taken);
        int outputs = network.Model.Output.Elements;
        for (int i = 0; i < indices.Length; i++)
            own[indices[i] - samples.First] = (byte)(LossKernel.IsRight(options.Training.Loss, predictions.Slice(i * outputs, outputs), targets[i]) ? 0 : 1);
    }

    private (long Right, long Alarm, long Since) Watch()
    {
        long right = 0, alarm = -1, since = 0;
        for (int row = 0; row < wrong.Length; row++)
        {
            right += 1 - wrong[row];
            if (detector.Add(wrong[row]) && detector.HasRisen && alarm < 0)
                (alarm, since) = (row, detector.SinceChange);
        }
        return (right, alarm, since);
    }
}
