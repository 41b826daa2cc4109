using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Weather;

/// <summary>One advance of the columns of a whole planet, measured.</summary>
/// <param name="Columns">Of all ranks.</param>
/// <param name="Work">W of all ranks, in units of a column at night.</param>
/// <param name="Seconds">From all ranks ready to all results at home, the longest of the ranks.</param>
/// <param name="Ranks">What every rank did: its part of the work and the pool's account; on every rank.</param>
public sealed record PhysicsMeasurement(long Columns, double Work, double Seconds, IReadOnlyList<(double Work, TaskStatistics Tasks)> Ranks)
{
    /// <summary>P of a rank: work per second it was busy.</summary>
    public double CapabilityOf(int rank) => Ranks[rank].Tasks.BusySeconds > 0 ? Ranks[rank].Work / Ranks[rank].Tasks.BusySeconds : 0;

    /// <summary>W / ΣP [s]: what all ranks together would need if none ever waited.</summary>
    public double Ideal => Work / Enumerable.Range(0, Ranks.Count).Sum(CapabilityOf);

    /// <summary>λ max/mean: the busiest rank's time over the mean.</summary>
    public double Imbalance => Ranks.Max(rank => rank.Tasks.BusySeconds) / Ranks.Average(rank => rank.Tasks.BusySeconds);

    /// <summary>Advances columns under the nodes of a sphere, whose elements are dealt in order to the ranks, <paramref name="times"/> times over an
    /// hour each and keeps the fastest. Collective.</summary>
    public static PhysicsMeasurement Of(Communicator communicator, int elements, PhysicsOptions options, int times)
    {
        CubedSphere sphere = new(elements);
        GeoPoint[] places = Places(sphere, communicator);
        using ColumnModel columns = new(communicator, places, options);
        PhysicsMeasurement? best = null;
        for (int hour = 0; hour <= times; hour++)
        {
            double before = columns.Work;
            communicator.Barrier();
            long begun = Stopwatch.GetTimestamp();
            // Always the same hour: the sun of the date, one cost.
            TaskStatistics tasks = columns.Advance(0, 3600);
            double seconds = communicator.Allreduce(Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Max);
            (double, TaskStatistics)[] ranks = communicator.Allgather((columns.Work - before, tasks));
            if (hour > 0 && (best is null || seconds < best.Seconds))       // the first warms up
                best = new(sphere.Elements * Layout.Element, ranks.Sum(rank => rank.Item1), seconds, ranks);
        }
        return best!;
    }

    private static GeoPoint[] Places(CubedSphere sphere, Communicator communicator)
    {
        int first = (int)((long)sphere.Elements * communicator.Rank / communicator.Size), end = (int)((long)sphere.Elements * (communicator.Rank + 1) / communicator.Size);
        return [.. from element in Enumerable.Range(first, end - first)
                   from node in Enumerable.Range(0, Layout.Element)
                   select GeoPoint.Of(sphere.Direction(element, LobattoBasis.Points[node % Layout.Line], LobattoBasis.Points[node / Layout.Line]))];
    }
}
