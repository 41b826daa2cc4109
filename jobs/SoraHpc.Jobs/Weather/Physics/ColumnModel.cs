using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Columns of air at given places, each advanced by the rank it belongs to or by one that was idle; the results are the same bits. All ranks
/// make one and call the same methods.
/// </summary>
public sealed class ColumnModel : IDisposable
{
    private readonly AlignedBuffer<Column> columns;
    private readonly ColumnPhysics physics;
    private readonly ResultReturn<Column> results;
    private readonly TaskPool<Column, ColumnTasks, NearThenRandom> pool;

    /// <param name="places">Of this rank's columns.</param>
    /// <exception cref="UsageException">The rank to be slow does not exist.</exception>
    /// <remarks>Collective.</remarks>
    public ColumnModel(Communicator communicator, ReadOnlySpan<GeoPoint> places, PhysicsOptions options)
    {
        if (options.SlowRank >= communicator.Size)
            throw new UsageException($"rank {options.SlowRank} is to be slow, but there are only {communicator.Size} ranks");
        physics = new(options);
        columns = new(places.Length);
        results = new(communicator);
        for (int i = 0; i < places.Length; i++)
            columns.GetSpan()[i] = physics.Start(communicator.Rank, i, places[i]);
        ColumnTasks tasks = new(physics, columns, communicator.Rank, results, options.SlowRank == communicator.Rank ? options.SlowFactor : 1);
        pool = new(communicator, tasks, new(communicator.Rank, communicator.Size, options.Stealing.Capabilities), options.Stealing);
    }

    /// <summary>This rank's columns.</summary>
    public Span<Column> Columns => columns.GetSpan();

    /// <summary>Work this rank has done so far, for whichever rank, in units of a column at night.</summary>
    public double Work => physics.Work;

    /// <summary>Advances every column of every rank over an interval. Collective.</summary>
    /// <param name="begin">Model time [s]; <paramref name="seconds"/> ≥ 0; 0 only works out the radiation.</param>
    /// <returns>What this rank did.</returns>
    /// <exception cref="TaskException">A column has gone wrong; names its place. On every rank.</exception>
    public TaskStatistics Advance(double begin, double seconds)
    {
        physics.Interval = (begin, seconds);
        TaskStatistics own = pool.Run(Columns);
        foreach (ref readonly Column column in results.Exchange())
            Columns[column.Index] = column;
        return own;
    }

    /// <summary>Collective.</summary>
    public void Dispose()
    {
        pool.Dispose();
        results.Dispose();
        physics.Dispose();
        ((IDisposable)columns).Dispose();
    }
}
