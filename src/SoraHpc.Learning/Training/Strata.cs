using SoraHpc.Diagnostics;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Training;

/// <summary>The samples of a data set in as many strata, consecutive and equal to one sample. A batch takes one micro-batch of every stratum; which
/// samples, depends on seed, epoch and stratum alone. Pure arithmetic.</summary>
/// <param name="samples">Of the whole data set.</param>
/// <param name="count">Strata.</param>
/// <param name="microBatch">Samples of a full micro-batch.</param>
public sealed class Strata(long samples, int count, int microBatch)
{
    // Streams of a seed: parameters have those from 2⁴⁰ on, layers those below.
    private const ulong OrderStream = 1UL << 48;

    /// <summary>Samples of the whole data set.</summary>
    public long Samples { get; } = samples >= count ? samples
        : throw new UsageException($"{samples} samples cannot be dealt into {count} strata: take at most {samples} strata, or more samples");

    /// <summary>Strata.</summary>
    public int Count => count;

    /// <summary>Batches of an epoch; the last ones of some strata are smaller or empty.</summary>
    public int Batches => checked((int)((Length(0) + microBatch - 1) / microBatch));

    /// <summary>First sample of a stratum; <paramref name="stratum"/> = <see cref="Count"/> gives the end of the last.</summary>
    public long Begin(int stratum)
    {
        (long quotient, long remainder) = Math.DivRem(Samples, count);
        return stratum * quotient + Math.Min(stratum, remainder);
    }

    /// <summary>Samples of a stratum.</summary>
    public int Length(int stratum) => checked((int)(Begin(stratum + 1) - Begin(stratum)));

    /// <summary>Samples that a stratum gives to a batch.</summary>
    public int MicroBatch(int stratum, int batch) => (int)Math.Clamp(Length(stratum) - (long)batch * microBatch, 0, microBatch);

    /// <summary>Samples of a batch.</summary>
    public int BatchSamples(int batch)
    {
        int sum = 0;
        for (int stratum = 0; stratum < count; stratum++)
            sum += MicroBatch(stratum, batch);
        return sum;
    }

    /// <summary>The order in which a stratum's samples are taken in an epoch: a random permutation of their indices.</summary>
    public void Shuffle(int stratum, int epoch, ulong seed, Span<long> order) => Shuffle(stratum, epoch, seed, 0, order);

    /// <summary>The same of the samples from <paramref name="first"/> of the stratum on, among each other; as they are stored where <paramref name="epoch"/> is below 0.</summary>
    internal void Shuffle(int stratum, int epoch, ulong seed, int first, Span<long> order)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = Begin(stratum) + first + i;
        if (epoch >= 0)
            Permute(OrderOf(stratum, epoch, seed), first, order);
    }

    /// <summary>The order in which a stratum's chunks are taken in an epoch. The last one, which may be smaller, stays the last, so that micro-batches are whole.</summary>
    internal void ShuffleChunks(int stratum, int epoch, ulong seed, Span<int> chunks)
    {
        for (int i = 0; i < chunks.Length; i++)
            chunks[i] = i;
        if (chunks.Length > 1)
            Permute(OrderOf(stratum, epoch, seed), Length(stratum), chunks[..^1]);      // samples use the positions below
    }

    private RandomSequence OrderOf(int stratum, int epoch, ulong seed) => new(seed, OrderStream + (ulong)epoch * (ulong)count + (ulong)stratum);

    // Fisher and Yates; off by 2⁻⁶⁴·last from even at most.
    private static void Permute<T>(RandomSequence random, int position, Span<T> order)
    {
        for (int last = order.Length - 1; last > 0; last--)
        {
            int other = (int)Math.BigMul(random.BitsAt(position + last), (ulong)last + 1, out _);
            (order[last], order[other]) = (order[other], order[last]);
        }
    }
}
