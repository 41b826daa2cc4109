using SoraHpc.Decomposition;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Cli.Run;

/// <summary>How a run is cut, weighted, synchronised and resized: each makes an instance, one for every rank, so that a strategy of a user's may remember what it saw.</summary>
internal sealed record ParallelChoices(Func<IPartitioner> Partition, Func<IBalancer> Balancing, Func<ISyncProtocol> Sync, Func<IElasticity> Elasticity);
