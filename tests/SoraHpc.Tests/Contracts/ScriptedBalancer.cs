using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;

namespace SoraHpc.Tests.Contracts;

/// <summary>Looks after every step and answers what it is told to.</summary>
internal sealed class ScriptedBalancer(Func<BalancePoint, Placement?> answer) : IBalancer
{
    public double[] Capabilities(Communicator world, IJob job) => [.. Enumerable.Repeat(1.0, world.Size)];

    public double? GivenCapability(int rank) => null;

    public bool MovesParts => true;

    internal bool Measures { get; init; } = true;

    public Placement? Rebalance(BalancePoint point)
    {
        if (Measures)
            point.Measure();
        return answer(point);
    }

    /// <summary>All parts anywhere, other places after every step; some ranks may hold nothing for a while.</summary>
    internal static ScriptedBalancer Random(int seed) => new(point =>
    {
        Random random = new(seed + (int)point.Step);
        Placement now = point.Division.Placement;
        return new(Enumerable.Range(0, now.Parts).Select(_ => random.Next(now.Ranks)).ToArray(), now.Ranks);
    });
}
