using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.Training;

/// <summary>For every user the item bought next, and some that were not: target 1 and 0. Read user by user, so that events are aggregated once.</summary>
/// <param name="features">Aggregates.</param>
/// <param name="users">Of all ranks.</param>
/// <param name="seed">Of the table.</param>
public sealed class BehaviourSamples(BehaviourFeatures features, long users, ulong seed) : ISamples<double>
{
    /// <summary>Samples of a user: one that was bought and the others.</summary>
    public const int PerUser = 5;

    private long user = -1;
    private int next;

    /// <inheritdoc/>
    public long Count => users * PerUser;

    /// <inheritdoc/>
    public Shape Shape { get; } = new(BehaviourFeatures.Names.Count);

    /// <inheritdoc/>
    public int Targets => 1;

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<long> indices, Span<double> inputs, Span<double> targets)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            (long owner, long which) = Math.DivRem(indices[i], PerUser);
            if (owner != user)
                Take(owner);
            int item = which == 0 ? next : (next + 1 + (int)(new RandomSequence(seed, 0xBE4B).UniformAt(indices[i]) * (MadeShop.Items - 1))) % MadeShop.Items;
            features.Write(item, inputs.Slice(i * Shape.Elements, Shape.Elements));
            targets[i] = which == 0 ? 1 : 0;
        }
    }

    private void Take(long owner)
    {
        (UserEvent[] events, next) = MadeShop.EventsOf(owner, seed);
        features.Aggregate(events);
        user = owner;
    }
}
