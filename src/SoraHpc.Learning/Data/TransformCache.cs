using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>Transformed particles by content: by the hash of the particle and that of the steps. A change of either makes another entry, so nothing stale is
/// ever given. What was not used for longest goes first. Used by one thread; local.</summary>
/// <param name="bytes">What it may hold, ≥ 0.</param>
public sealed class TransformCache(long bytes)
{
    private readonly long limit = bytes >= 0 ? bytes : throw new UsageException($"a cache of {bytes} B: give 0 or more");
    private readonly Dictionary<(UInt128, UInt128), LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = [];
    private long held;

    private sealed record Entry((UInt128, UInt128) Key, DataParticle Particle, long Bytes);

    /// <summary>Results that were found.</summary>
    public long Hits { get; private set; }

    /// <summary>Results that were computed.</summary>
    public long Misses { get; private set; }

    /// <summary>The particle after all steps, computed only where it is not here.</summary>
    public DataParticle Get(FittedPipeline pipeline, DataParticle particle)
    {
        (UInt128, UInt128) key = (particle.Identity, pipeline.Identity);
        if (entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            Hits++;
            byUse.Remove(node);
            byUse.AddLast(node);
            return node.Value.Particle;
        }
        Misses++;
        DataParticle result = pipeline.Transform(particle);
        Keep(new(key, result, (result.Cost + 3L * result.Count) * sizeof(double)));
        return result;
    }

    private void Keep(Entry entry)
    {
        if (entry.Bytes > limit)
            return;
        while (held > limit - entry.Bytes)
        {
            held -= byUse.First!.Value.Bytes;
            entries.Remove(byUse.First.Value.Key);
            byUse.RemoveFirst();
        }
        entries.Add(entry.Key, byUse.AddLast(entry));
        held += entry.Bytes;
    }
}
