using SoraHpc.Decomposition;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.Training;

/// <summary>How samples are dealt to ranks, whatever is learnt from them.</summary>
public abstract record LearningOptions
{
    private protected LearningOptions() { }

    /// <summary>How strata are cut. Default: slabs.</summary>
    public IPartitioner Partition { get; init; } = new SlabPartitioner();

    /// <summary>How shares follow capability. Default: equal shares, cut once.</summary>
    public IBalancer Balancing { get; init; } = new StaticBalancer();

    /// <summary>How ranks keep together. Default: globally, every 100 steps.</summary>
    public ISyncProtocol Sync { get; init; } = new GlobalSync(100);

    /// <summary>What deals so many strata in this way.</summary>
    internal Sora Over(int strata, SoraOptions? run) => new(new TrainingSource(strata), Partition, Balancing, Sync, new FixedSize(), run);
}
