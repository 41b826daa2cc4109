using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.RankPrograms;

/// <summary>What waiting in a way that a death ends costs: <c>cost plain|survive</c> prints the shortest of several runs.</summary>
internal static class SurvivalCost
{
    private const int Repeats = 15, Short = 10_000, Long = 500;

    internal static int Run(bool survives) => World.Run(comm =>
    {
        using AlignedBuffer<double> small = new(1), large = new(1 << 17);
        Report(comm, "ping-pong of 8 B", Short, () => PingPong(comm, small));
        Report(comm, "ping-pong of 1 MiB", Long, () => PingPong(comm, large));
        Report(comm, "allreduce of 8 B", Short, () => comm.Allreduce(1L, ReduceOperation.Sum));
        Report(comm, "barrier", Short, comm.Barrier);
        Plate plate = new();
        _ = new Sora(plate, new SlabPartitioner(), new StaticBalancer(), new LocalSync(), new FixedSize()).Run(comm, new HalosOnly(plate));
    }, new WorldOptions { Survival = survives ? new() : null });

    private static void PingPong(Communicator comm, AlignedBuffer<double> message)
    {
        if (comm.Rank == 0)
            comm.Send<double>(message.GetSpan(), 1);
        comm.Receive(message.GetSpan(), 1 - comm.Rank);
        if (comm.Rank == 1)
            comm.Send<double>(message.GetSpan(), 0);
    }

    private static void Report(Communicator comm, string what, int calls, Action act)
    {
        double shortest = double.PositiveInfinity;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            comm.Barrier();
            long begun = Stopwatch.GetTimestamp();
            for (int call = 0; call < calls; call++)
                act();
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(begun).TotalNanoseconds / calls);
        }
        if (comm.IsRoot)
            Console.WriteLine(FormattableString.Invariant($"{what}: {shortest:0} ns"));
    }

    /// <summary>Rows of 1000 numbers: 8 kB to each neighbour.</summary>
    private sealed class Plate : IDataSource
    {
        public Grid Open(Communicator world) => new(new Extent(1, 200, 1000), new PeriodicBoundary(planes: false, rows: true, columns: false));

        internal Field<double> Rows { get; private set; } = null!;

        public void Load(Particle particle) => Rows = particle.AddField<double>("plate", haloWidth: 1);
    }

    private sealed class HalosOnly(Plate plate) : IJob
    {
        private HaloExchange<double> halos = null!;

        public string Name => "halos";

        public bool IsDone { get; private set; }

        public JobProgress Progress => new(1, "");

        public void Prepare(Particle particle) => halos = particle.AddHaloExchange(HaloShape.Faces, plate.Rows);

        public void Step(Particle particle)
        {
            Report(particle.Communicator, "halo exchange of 8 kB", Short / 2, halos.Exchange);
            IsDone = true;
        }

        public void Observe(Particle particle, Observables observables) { }

        public void Finish(Particle particle) { }
    }
}
