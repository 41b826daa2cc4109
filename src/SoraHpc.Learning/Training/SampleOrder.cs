namespace SoraHpc.Learning.Training;

/// <summary>The order in which a stratum's samples are taken, chunk by chunk: 8 B for each sample of one chunk.</summary>
/// <param name="strata">All of them.</param>
/// <param name="stratum">Which.</param>
/// <param name="chunk">Samples that are shuffled among each other, whole micro-batches; 0: all of the stratum.</param>
internal sealed class SampleOrder(Strata strata, int stratum, int chunk)
{
    private readonly int size = chunk == 0 ? Math.Max(1, strata.Length(stratum)) : chunk;
    private readonly long[] order = new long[chunk == 0 ? strata.Length(stratum) : Math.Min(chunk, strata.Length(stratum))];
    private readonly int[] chunks = new int[chunk == 0 ? 1 : (strata.Length(stratum) + chunk - 1) / chunk];
    private int epoch = -1, held = -1;
    private ulong seed;

    /// <summary>The random order of an epoch.</summary>
    internal void Shuffle(int epoch, ulong seed)
    {
        (this.epoch, this.seed, held) = (epoch, seed, -1);
        strata.ShuffleChunks(stratum, epoch, seed, chunks);
    }

    /// <summary>As they are stored.</summary>
    internal void Unshuffle()
    {
        (epoch, held) = (-1, -1);
        for (int i = 0; i < chunks.Length; i++)
            chunks[i] = i;
    }

    /// <summary>The samples at places [begin, begin + count), which are of one chunk; there until the next call.</summary>
    internal ReadOnlySpan<long> Take(int begin, int count)
    {
        int place = begin / size;
        if (place != held)
        {
            int first = chunks[place] * size;
            strata.Shuffle(stratum, epoch, seed, first, order.AsSpan(0, Math.Min(size, strata.Length(stratum) - first)));
            held = place;
        }
        return order.AsSpan(begin - place * size, count);
    }
}
