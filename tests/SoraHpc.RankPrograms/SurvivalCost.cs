using System.Diagnostics;
using SoraHpc.Communication;

namespace SoraHpc.RankPrograms;

/// <summary>What waiting in a way that a death ends costs: <c>cost plain|survive</c> prints the shortest of several runs.</summary>
internal static class SurvivalCost
{
    private const int Repeats = 15, Messages = 20_000;

    internal static int Run(bool survives) => World.Run(comm =>
    {
        Report(comm, "ping-pong of 8 B", () => PingPong(comm));
        Report(comm, "allreduce of 8 B", () => comm.Allreduce(1L, ReduceOperation.Sum));
        Report(comm, "barrier", comm.Barrier);
    }, new WorldOptions { Survival = survives ? new() : null });

    private static void PingPong(Communicator comm)
    {
        if (comm.Rank == 0)
            comm.Send(1L, 1);
        _ = comm.Receive<long>(1 - comm.Rank);
        if (comm.Rank == 1)
            comm.Send(1L, 0);
    }

    private static void Report(Communicator comm, string what, Action act)
    {
        double shortest = double.PositiveInfinity;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            comm.Barrier();
            long begun = Stopwatch.GetTimestamp();
            for (int message = 0; message < Messages; message++)
                act();
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Messages);
        }
        if (comm.IsRoot)
            Console.WriteLine(FormattableString.Invariant($"{what}: {shortest:0} ns"));
    }
}
