using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Runtime;

/// <summary>
/// One rank's live share of a run: the blocks it owns, the fields over them, its workload W and capability P. Made by
/// <see cref="Sora"/>, handed to the data source and the job. Used by its own rank's thread only.
/// </summary>
public sealed class Particle : IDisposable
{
    private readonly List<IDisposable> owned = [];
    private long waited;

    /// <remarks>Collective.</remarks>
    internal Particle(Communicator communicator, Partition partition, Placement placement, double? capability)
    {
        (Communicator, Partition, Placement, GivenCapability) = (communicator, partition, placement, capability);
        Parts = [.. placement.PartsOf(communicator.Rank)];
        Cells = Parts.Sum(part => partition.Blocks[part].Cells);
        Halos = Own(communicator.Duplicate());
    }

    /// <summary>All ranks of the run.</summary>
    public Communicator Communicator { get; }

    /// <summary>The same ranks again, for halo messages, which so never meet a job's own.</summary>
    internal Communicator Halos { get; }

    /// <summary>This rank.</summary>
    public int Rank => Communicator.Rank;

    /// <summary>Which cells belong to which part.</summary>
    public Partition Partition { get; }

    /// <summary>Which rank holds which part.</summary>
    public Placement Placement { get; }

    /// <summary>The parts this rank holds, ascending; possibly none.</summary>
    public IReadOnlyList<int> Parts { get; }

    /// <summary>The blocks of <see cref="Parts"/>.</summary>
    public IEnumerable<Block> Blocks => Parts.Select(part => Partition.Blocks[part]);

    /// <summary>Cells this rank owns.</summary>
    public long Cells { get; }

    /// <summary>Workload of one step: the work this rank does [cells, unless the job counts otherwise].</summary>
    public double WorkPerStep { get; set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(WorkPerStep)); } = -1;

    /// <summary>Capability given for this rank [relative]; null when it is to be measured.</summary>
    public double? GivenCapability { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Seconds in the job's steps, waiting excluded.</summary>
    public double ComputeSeconds => StepSeconds - WaitSeconds;

    /// <summary>Seconds spent waiting for neighbours' messages inside steps.</summary>
    public double WaitSeconds => waited / (double)Stopwatch.Frequency;

    /// <summary>Seconds in the sync protocol, between steps.</summary>
    public double SyncSeconds { get; private set; }

    private double StepSeconds { get; set; }

    /// <summary>Workload so far: W_i.</summary>
    public double Workload => (WorkPerStep >= 0 ? WorkPerStep : Cells) * Step;

    /// <summary>A field over this rank's blocks, zeroed; freed with the particle.</summary>
    /// <param name="haloWidth">Cells of halo, ≥ 0.</param>
    public Field<T> AddField<T>(string name, int haloWidth = 0) where T : unmanaged => Own(new Field<T>(name, Partition, Parts, haloWidth));

    /// <summary>Sets up the exchange of these fields' halos, all of the same width. Collective in the sense that neighbours must do the same.</summary>
    public HaloExchange<T> AddHaloExchange<T>(HaloShape shape, params Field<T>[] fields) where T : unmanaged
    {
        if (fields.Length == 0 || fields.Any(field => field.HaloWidth != fields[0].HaloWidth))
            throw new ArgumentException("an exchange needs one field or more, all with halos of the same width", nameof(fields));
        return Own(new HaloExchange<T>(this, shape, fields));
    }

    /// <summary>Ties the life of something to the particle's: disposed with it, in reverse order of making.</summary>
    public TOwned Own<TOwned>(TOwned resource) where TOwned : IDisposable
    {
        owned.Add(resource);
        return resource;
    }

    /// <summary>Counts the time since <paramref name="begun"/> (<see cref="Stopwatch.GetTimestamp"/>) as waiting, for jobs with messages of their own.</summary>
    public void CountWait(long begun) => waited += Stopwatch.GetTimestamp() - begun;

    internal void TakeStep(IJob job)
    {
        long begun = Stopwatch.GetTimestamp();
        job.Step(this);
        StepSeconds += Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Step++;
    }

    internal void Meet(ISyncProtocol sync, SyncPoint point)
    {
        long begun = Stopwatch.GetTimestamp();
        sync.AfterStep(point);
        SyncSeconds += Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    internal RankReport Report(int meetings)
    {
        double measured = ComputeSeconds > 0 ? Workload / ComputeSeconds : 0;
        return new(Rank, Cells, Workload, GivenCapability ?? measured, ComputeSeconds, WaitSeconds, SyncSeconds,
            meetings > 0 ? (StepSeconds + SyncSeconds) / meetings : double.NaN);
    }

    internal HaloPlan PlanHalo(int width, HaloShape shape) => HaloPlan.Create(Partition, width, shape, Parts.ToHashSet());

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = owned.Count - 1; i >= 0; i--)
            owned[i].Dispose();
        owned.Clear();
    }
}
