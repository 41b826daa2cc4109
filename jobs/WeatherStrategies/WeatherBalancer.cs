using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;

namespace WeatherStrategies;

/// <summary>
/// Looks every <paramref name="interval"/> steps; when λ max/mean is above <paramref name="loadFactor"/>, ranks that hold more than their
/// budget give parts away. The budget of rank i is P_i · loadFactor / threshold, where the threshold ΣP / ΣW is the capability the run has
/// for every unit of work: with a load factor of 1 the budgets are the perfect shares.
/// </summary>
/// <param name="loadFactor">How far above its perfect share a rank may be, ≥ 1.</param>
/// <param name="interval">Steps from look to look, ≥ 1.</param>
/// <remarks>Only whole parts move, so a rank should hold several; and the job counts the work of its parts (<see cref="Particle.CountPart"/>), so that
/// a rank with much work is told from a slow one.</remarks>
public sealed class WeatherBalancer(double loadFactor = 1.2, int interval = 50) : IBalancer
{
    private readonly double loadFactor = loadFactor >= 1 ? loadFactor : throw new ArgumentException($"a load factor is 1 or more, not {loadFactor}");
    private readonly int interval = interval >= 1 ? interval : throw new ArgumentException($"the interval is 1 step or more, not {interval}");

    /// <inheritdoc/>
    public bool MovesParts => true;

    /// <summary>Equal: nothing is known before the first look.</summary>
    public double[] Capabilities(Communicator world, IJob job) => [.. Enumerable.Repeat(1.0, world.Size)];

    /// <inheritdoc/>
    public double? GivenCapability(int rank) => null;

    /// <inheritdoc/>
    public Placement? Rebalance(BalancePoint point)
    {
        point.NextLook = (point.Step / interval + 1) * interval;
        if (point.Step % interval != 0)
            return null;
        MeasuredLoad load = point.Measure();
        return load.Imbalance > loadFactor ? Relieve(load) : null;
    }

    /// <summary>Parts of ranks above their budget, largest first, go where most room is, if they fit there. Pure: the same answer on every rank.</summary>
    public Placement Relieve(MeasuredLoad load)
    {
        int ranks = load.Capabilities.Count;
        int[] rankOf = [.. Enumerable.Range(0, load.PartSeconds.Count).Select(load.Placement.RankOf)];
        double[] work = [.. rankOf.Select((rank, part) => load.PartSeconds[part] * load.Capabilities[rank])];
        double threshold = load.Capabilities.Sum() / work.Sum();
        double[] room = [.. load.Capabilities.Select(capability => capability * loadFactor / threshold)];
        for (int part = 0; part < work.Length; part++)
            room[rankOf[part]] -= work[part];
        foreach (int part in Enumerable.Range(0, work.Length).OrderByDescending(part => work[part]))    // a stable order: ties by number
        {
            int to = Array.IndexOf(room, room.Max());
            if (room[rankOf[part]] >= 0 || work[part] > room[to])
                continue;
            room[rankOf[part]] += work[part];
            room[to] -= work[part];
            rankOf[part] = to;
        }
        return new Placement(rankOf, ranks);
    }

    /// <inheritdoc/>
    public override string ToString() => $"weather, load factor {loadFactor}, every {interval} steps";
}
