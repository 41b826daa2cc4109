using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.Learning.Training;

/// <summary>
/// The sum of the strata's gradients over all ranks, in the order of <see cref="SummationTree"/>: the same bits on any number of ranks. Gradients go in
/// buckets of a few blocks. A bucket is sent as soon as the last stratum's backward pass has left its blocks: every rank gets a segment of it
/// from all, sums it, and in the end all segments go to all ranks.
/// </summary>
// Of G numbers of gradients each rank sends G·pieces·(R − 1)/R and then G·(R − 1)/R: the least there is, where a rank's strata are one piece.
internal sealed class GradientExchange<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Below this a message's latency is most of its time.
    private const int SmallestBucket = 1 << 14;

    // Numbers of three arrays that stay in the first-level cache.
    private const int Piece = 1 << 10;

    private readonly Communicator communicator;
    private readonly Memory<T> gradients;
    private readonly SummationTree tree;
    private readonly AlignedBuffer<T>[] stack;
    private readonly Bucket[] buckets;                          // last blocks first
    private int next;

    internal GradientExchange(Communicator communicator, Network<T> network, ReadOnlySpan<int> ownerOf)
    {
        (this.communicator, gradients) = (communicator, network.Gradients);
        tree = new(ownerOf, communicator.Rank, communicator.Size);
        stack = [.. Enumerable.Range(0, Math.Max(1, tree.Depth)).Select(_ => new AlignedBuffer<T>(gradients.Length))];
        buckets = [.. Cut(network).Select(cut => new Bucket(this, cut.Block, cut.Begin, cut.Length))];
    }

    /// <summary>Before a batch.</summary>
    internal void Begin() => next = 0;

    /// <summary>The gradient of this rank's next stratum is complete, and it is not the last.</summary>
    internal void Add()
    {
        Push(tree.Pushes[next++], 0, gradients.Length);
    }

    /// <summary>In the last stratum's backward pass: a block's gradients are complete, those of all blocks after it too. Starts what can be sent.</summary>
    internal void Completed(int block)
    {
        foreach (Bucket bucket in buckets)
            if (bucket.Block == block)
            {
                Push(tree.Pushes[next], bucket.Begin, bucket.Length);
                bucket.Start();
            }
    }

    /// <summary>For a rank without strata, which has nothing to send but a segment to sum. Instead of <see cref="Completed"/>.</summary>
    internal void StartEmpty()
    {
        foreach (Bucket bucket in buckets)
            bucket.Start();
    }

    /// <summary>Leaves factor × the sum over all strata in the network's gradients, on every rank. Collective.</summary>
    internal void Finish(T factor)
    {
        foreach (Bucket bucket in buckets)
            bucket.Sum(factor);
        foreach (Bucket bucket in buckets)
            bucket.Finish();
    }

    public void Dispose()
    {
        foreach (Bucket bucket in buckets)
            bucket.Dispose();
        foreach (AlignedBuffer<T> slot in stack)
            ((IDisposable)slot).Dispose();
    }

    // A piece goes through all its merges before the next: each array passes through the caches once.
    private void Push(SummationTree.Push push, int begin, int length)
    {
        ReadOnlySpan<T> gradient = gradients.Span.Slice(begin, length);
        if (push.Merges == 0)
            gradient.CopyTo(stack[push.Slot].GetSpan()[begin..]);
        for (int done = 0; push.Merges > 0 && done < length; done += Piece)
        {
            ReadOnlySpan<T> sum = gradient.Slice(done, Math.Min(Piece, length - done));
            for (int merge = 1; merge <= push.Merges; merge++)
            {
                Span<T> left = stack[push.Slot - merge].GetSpan().Slice(begin + done, sum.Length);
                Elementwise.Add(left, sum);
                sum = left;
            }
        }
    }

    // Gradients lie block by block; a bucket is complete when its first block is.
    private static IEnumerable<(int Block, int Begin, int Length)> Cut(Network<T> network)
    {
        int end = network.Gradients.Length, begin = end;
        for (int i = network.Parameters.Length - 1; i >= 0; i--)
        {
            int block = BlockOf(network.Parameters[i]);
            begin -= network.Parameters[i].Gradient.Length;
            bool isBlocksFirst = i == 0 || BlockOf(network.Parameters[i - 1]) != block;
            if (isBlocksFirst && end > begin && (begin == 0 || end - begin >= SmallestBucket))
            {
                yield return (block, begin, end - begin);
                end = begin;
            }
        }
    }

    private static int BlockOf(Parameter<T> parameter) => int.Parse(parameter.Path.AsSpan(0, parameter.Path.IndexOf('/')), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A part of the gradients on its way.</summary>
    private sealed class Bucket : IDisposable
    {
        private readonly GradientExchange<T> exchange;
        private readonly int[] segments, sendCounts, receiveCounts, places;
        private readonly AlignedBuffer<T> sent, received;
        private readonly int own;
        private Request request;

        internal Bucket(GradientExchange<T> exchange, int block, int begin, int length)
        {
            (this.exchange, Block, Begin, Length) = (exchange, block, begin, length);
            int ranks = exchange.communicator.Size, pieces = exchange.tree.PiecesOf[exchange.communicator.Rank];
            segments = [.. Enumerable.Range(0, ranks).Select(rank => (int)((long)length * (rank + 1) / ranks - (long)length * rank / ranks))];
            own = segments[exchange.communicator.Rank];
            sendCounts = [.. segments.Select(segment => segment * pieces)];
            receiveCounts = [.. exchange.tree.PiecesOf.Select(count => count * own)];
            places = [.. Enumerable.Range(0, exchange.tree.PiecesOf.Sum()).Select(piece => piece * own)];
            (sent, received) = (new(length * pieces), new(receiveCounts.Sum()));
        }

        internal int Block { get; }
        internal int Begin { get; }
        internal int Length { get; }

        private int Pieces => exchange.tree.PiecesOf[exchange.communicator.Rank];

        internal void Start()
        {
            if (exchange.communicator.Size == 1)
                return;
            Span<T> to = sent.GetSpan();
            for (int rank = 0, at = Begin; rank < segments.Length; at += segments[rank], rank++)
                for (int piece = 0; piece < Pieces; piece++, to = to[segments[rank]..])
                    exchange.stack[piece].GetSpan().Slice(at, segments[rank]).CopyTo(to);
            request = exchange.communicator.StartAlltoallv<T>(sent.Memory, sendCounts, received.Memory, receiveCounts);
        }

        // Each rank scales what it has summed, before it goes to all.
        internal void Sum(T factor)
        {
            if (exchange.communicator.Size == 1)
            {
                VectorKernels.Scale(factor, exchange.stack[0].GetSpan().Slice(Begin, Length), exchange.gradients.Span.Slice(Begin, Length));
                return;
            }
            request.Wait();
            foreach ((int left, int right) in exchange.tree.Merges)
                Elementwise.Add(received.GetSpan().Slice(places[left], own), (ReadOnlySpan<T>)received.GetSpan().Slice(places[right], own));
            Elementwise.Scale(received.GetSpan().Slice(places[exchange.tree.Root], own), factor);
            request = exchange.communicator.StartAllgatherv<T>(received.Memory.Slice(places[exchange.tree.Root], own), exchange.gradients.Slice(Begin, Length), segments);
        }

        internal void Finish()
        {
            if (exchange.communicator.Size > 1)
                request.Wait();
        }

        public void Dispose()
        {
            ((IDisposable)sent).Dispose();
            ((IDisposable)received).Dispose();
        }
    }
}
