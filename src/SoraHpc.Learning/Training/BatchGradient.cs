using System.Diagnostics;
using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.Training;

/// <summary>The mean gradient over a batch, or over several: each rank computes its strata's micro-batches one after the other, and the exchange of a
/// block's gradients runs while the blocks before it are still computed.</summary>
internal sealed class BatchGradient<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Communicator communicator;
    private readonly Network<T> network;
    private readonly ISamples<T> samples;
    private readonly Loss loss;
    private readonly bool isWeighted;
    private readonly int[] own;
    private readonly SampleOrder[] orders;                      // of every own stratum
    private readonly Augmenter<T>? augmenter;
    private readonly AlignedBuffer<T> input;                    // the library reads it as it is, in whole lines of the cache
    private readonly T[] target;
    private readonly GradientExchange<T> exchange;
    private readonly SparseExchange<T>?[] sparse;               // one for each parameter, null for those that are not
    private readonly Action<int> completed;
    private readonly double[] summed;

    internal BatchGradient(Communicator communicator, Network<T> network, ISamples<T> samples, TrainingOptions options, int[] ownerOf)
    {
        (this.communicator, this.network, this.samples, loss, isWeighted) = (communicator, network, samples, options.Loss, options.IsWeighted);
        Strata = new(samples.Count, options.Strata, options.MicroBatch);
        own = [.. Enumerable.Range(0, options.Strata).Where(stratum => ownerOf[stratum] == communicator.Rank)];
        orders = [.. own.Select(stratum => new SampleOrder(Strata, stratum, (int)Math.Min(int.MaxValue, (long)options.ChunkBatches * options.MicroBatch)))];
        augmenter = options.Augmentation is { } augmentation ? new(augmentation, samples, options) : null;
        (input, target) = (new(options.MicroBatch * network.Model.Input.Elements), new T[options.MicroBatch * samples.Targets]);
        exchange = new(communicator, network, ownerOf);
        sparse = [.. network.Parameters.Select(parameter => parameter.Rows is null ? null : new SparseExchange<T>(communicator, parameter, ownerOf))];
        completed = exchange.Completed;
        (LossOf, RightOf, summed) = (new double[options.Strata], new double[options.Strata], new double[options.Strata]);
    }

    internal Strata Strata { get; }

    /// <summary>Strata of this rank, ascending.</summary>
    internal ReadOnlySpan<int> Own => own;

    /// <summary>Of the last <see cref="Compute"/>: losses summed over each own stratum's samples; 0 for others.</summary>
    internal double[] LossOf { get; }

    /// <summary>Of the last <see cref="Compute"/>: right predictions in each own stratum; 0 for others.</summary>
    internal double[] RightOf { get; }

    /// <summary>Samples this rank has computed.</summary>
    internal long OwnSamples { get; private set; }

    /// <summary>Ticks of <see cref="Stopwatch"/> spent waiting for other ranks' gradients.</summary>
    internal long WaitTicks { get; private set; }

    /// <summary>A parameter's gradient where it is sparse; null where it is in the network's gradients.</summary>
    internal SparseGradient<T>? SparseOf(int parameter) => sparse[parameter]?.Total;

    /// <summary>Takes samples in the random order of an epoch.</summary>
    internal void Shuffle(int epoch, ulong seed)
    {
        foreach (SampleOrder order in orders)
            order.Shuffle(epoch, seed);
    }

    /// <summary>Takes samples as they are stored.</summary>
    internal void Unshuffle()
    {
        foreach (SampleOrder order in orders)
            order.Unshuffle();
    }

    /// <summary>Leaves the mean over the samples of batches [first, last) in the network's gradients and <see cref="SparseOf"/>, on every rank. Collective.</summary>
    internal void Compute(int first, int last, int epoch, bool isTraining)
    {
        Array.Clear(LossOf);
        Array.Clear(RightOf);
        exchange.Begin();
        foreach (SparseExchange<T>? each in sparse)
            each?.Begin();
        for (int i = 0; i < own.Length; i++)
        {
            network.ClearGradients();
            for (int batch = first; batch < last; batch++)
                Learn(i, batch, epoch, isTraining, isLast: i == own.Length - 1 && batch == last - 1);
            foreach (SparseExchange<T>? each in sparse)
                each?.Add(own[i]);
            if (i < own.Length - 1)
                exchange.Add();
        }
        if (own.Length == 0)
            exchange.StartEmpty();
        long count = 0;
        for (int batch = first; batch < last; batch++)
            count += Strata.BatchSamples(batch);
        Finish(T.One / T.CreateChecked(count));
    }

    /// <summary>A number of each stratum, summed over all in ascending order: the same bits on any number of ranks. Collective.</summary>
    internal double Sum(ReadOnlySpan<double> ofStrata)
    {
        communicator.Allreduce(ofStrata, summed, ReduceOperation.Sum);      // each is one rank's own and 0 elsewhere: exact
        double sum = 0;
        foreach (double value in summed)
            sum += value;
        return sum;
    }

    /// <summary>Loss and rightness over other samples, which lie in as many strata on the same ranks. Collective.</summary>
    internal Evaluation Evaluate(ISamples<T> judged)
    {
        Strata cut = new(judged.Count, Strata.Count, network.Capacity);
        double[] losses = new double[cut.Count], right = new double[cut.Count];
        long[] order = new long[network.Capacity];
        foreach (int stratum in own)
            for (int batch = 0; batch < cut.Batches; batch++)
            {
                int count = cut.MicroBatch(stratum, batch);
                for (int i = 0; i < count; i++)
                    order[i] = cut.Begin(stratum) + (long)batch * network.Capacity + i;
                if (count > 0)
                    losses[stratum] += Look(judged, new Pass(order.AsSpan(0, count), isTraining: false), ref right[stratum]);
            }
        return new(judged.Count, Sum(losses) / judged.Count, (long)Sum(right));
    }

    public void Dispose()
    {
        exchange.Dispose();
        ((IDisposable)input).Dispose();
    }

    private void Learn(int place, int batch, int epoch, bool isTraining, bool isLast)
    {
        int stratum = own[place], count = Strata.MicroBatch(stratum, batch);
        if (count > 0)
        {
            Pass pass = new(orders[place].Take(batch * network.Capacity, count), isTraining, epoch);
            LossOf[stratum] += Look(samples, pass, ref RightOf[stratum]);
            network.Backward(pass, input.GetSpan()[..(count * network.Model.Input.Elements)], isLast ? completed : null);
            OwnSamples += count;
        }
        else if (isLast)
            for (int block = network.Model.Blocks.Blocks.Count - 1; block >= 0; block--)
                completed(block);
    }

    // Leaves the slope of the loss where Backward takes it.
    private double Look(ISamples<T> from, in Pass pass, ref double right)
    {
        Span<T> inputs = input.GetSpan()[..(pass.Samples * network.Model.Input.Elements)], targets = target.AsSpan(0, pass.Samples * from.Targets);
        from.Read(pass.Indices, inputs, targets);
        if (pass.IsTraining)
            augmenter?.Apply(pass, inputs, targets);
        ReadOnlySpan<T> predictions = network.Forward(pass, inputs);
        int outputs = network.Model.Output.Elements;
        for (int i = 0; i < pass.Samples; i++)
            right += LossKernel.IsRight(loss, predictions.Slice(i * outputs, outputs), targets[i * from.Targets]) ? 1 : 0;
        return LossKernel.Evaluate(loss, outputs, predictions, targets, network.OutputGradient(pass), isWeighted);
    }

    private void Finish(T factor)
    {
        long begun = Stopwatch.GetTimestamp();
        exchange.Finish(factor);
        foreach (SparseExchange<T>? each in sparse)
            each?.Finish(factor);
        WaitTicks += Stopwatch.GetTimestamp() - begun;
    }
}
