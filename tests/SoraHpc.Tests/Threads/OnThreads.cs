using SoraHpc.Communication;
using SoraHpc.Communication.Threads;

namespace SoraHpc.Tests.Threads;

/// <summary>Runs on ranks that are threads.</summary>
internal static class OnThreads
{
    /// <summary>What the root comes back with.</summary>
    internal static TResult RootOf<TResult>(int ranks, Func<Communicator, TResult> run)
    {
        TResult? result = default;
        ThreadWorld.Run(ranks, world =>
        {
            TResult own = run(world);
            if (world.IsRoot)
                result = own;
        });
        return result!;
    }
}
