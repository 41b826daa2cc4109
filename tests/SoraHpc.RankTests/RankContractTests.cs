using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.RankTests;

/// <summary>The contract on the ranks of the world. After every body all ranks agree on the outcome; none waits for one that failed
/// longer than <see cref="Patience"/>.</summary>
public sealed class RankContractTests : CommunicatorContract
{
    /// <summary>How long a rank whose assertion failed waits for the others, which may be stuck in the test it left.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The longest a test may take on any rank.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    protected override void OnEveryRank(int size, Action<Communicator> body)
    {
        Communicator world = RankSession.Current!.World;
        if (size > world.Size)
            Assert.Ignore($"needs {size} ranks");
        using var watchdog = new Timer(_ => GiveUp(world, $"rank {world.Rank}: no end after {Limit.TotalSeconds:0} s"), null, Limit, Timeout.InfiniteTimeSpan);
        Communicator? part = world.Split(world.Rank < size ? 0 : -1);
        string? failure = null;
        try
        {
            if (part is not null)
                body(part);
        }
        catch (Exception exception)
        {
            failure = $"rank {world.Rank}: {exception.GetType().Name}: {exception.Message}\n{exception.StackTrace}\n";
        }
        if (AnyFailed(world, failure))
            Assert.Fail(new string(world.Allgatherv<char>(failure)));
        part?.Dispose();                    // after a failure messages may still be under way in it
    }

    private static bool AnyFailed(Communicator world, string? failure)
    {
        int[] mine = [failure is null ? 0 : 1], any = new int[1];
        Request agreement = world.StartAllreduce<int>(mine, any, ReduceOperation.Max);
        var waited = Stopwatch.StartNew();
        while (!agreement.Test(out _))
        {
            if (failure is not null && waited.Elapsed > Patience)
                GiveUp(world, failure);
            if (waited.ElapsedMilliseconds > 2)
                Thread.Sleep(1);            // ranks outside a long test leave it the cores
        }
        return any[0] != 0;
    }

    // Not through MPI: another thread of this rank may be inside it. The launcher ends the job of a rank that exits without finalising.
    private static void GiveUp(Communicator world, string reason)
    {
        RankSession.Current?.Complain($"failed: {TestName} ({world.Size} ranks), and other ranks are stuck in it\n{reason}");
        Process.GetCurrentProcess().Kill();
    }

    private static string TestName => TestContext.CurrentContext.Test.Name;
}
