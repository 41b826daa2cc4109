using SoraHpc.Communication;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// Which <see cref="IVictimSelector"/> a pool is compiled for, chosen while the program runs. The one virtual call is that which makes
/// the pool; in the pool the selector's methods are inlined as if it had been written there.
/// </summary>
public abstract class VictimSelection
{
    /// <summary>Every rank's selector comes from <paramref name="create"/>, called with its rank and the number of ranks.</summary>
    public static VictimSelection By<TSelector>(Func<int, int, TSelector> create) where TSelector : struct, IVictimSelector => new Of<TSelector>(create);

    /// <summary>A pool whose thieves choose by this. Arguments and failures are those of <see cref="TaskPool{TTask, TBody, TSelector}"/>. Collective.</summary>
    public abstract TaskPool<TTask> CreatePool<TTask, TBody>(Communicator communicator, TBody body, StealingOptions? options = null)
        where TTask : unmanaged
        where TBody : ITaskBody<TTask>;

    private sealed class Of<TSelector>(Func<int, int, TSelector> create) : VictimSelection where TSelector : struct, IVictimSelector
    {
        public override TaskPool<TTask> CreatePool<TTask, TBody>(Communicator communicator, TBody body, StealingOptions? options = null) =>
            new TaskPool<TTask, TBody, TSelector>(communicator, body, create(communicator.Rank, communicator.Size), options);

        public override string ToString() => typeof(TSelector).Name;
    }
}
