using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Runtime;

/// <summary>
/// One rank's live share of a run: the blocks it owns, the fields over them, its workload W and capability P. Made by
/// <see cref="Sora"/>, handed to the data source and the job. Used by its own rank's thread only.
/// </summary>
public sealed class Particle : IDisposable
{
    private const int MoveTag = 1;      // halos have 0 on the same communicator

    private readonly List<IDisposable> owned = [];
    private readonly List<Field> fields = [];
    private readonly List<HaloExchange> exchanges = [];
    private readonly Dictionary<(int Width, HaloShape Shape), HaloPlan> plans = [];
    private (long Ticks, double Work)[] counted = [];
    private long waited;
    private long firstStep;
    private bool stepping;
    private double cellsStepped, workCounted, quickestSetUp = double.PositiveInfinity;

    /// <remarks>Collective.</remarks>
    internal Particle(Communicator communicator, Partition partition, Placement placement, double? capability)
    {
        (Communicator, Partition, GivenCapability) = (communicator, partition, capability);
        Take(placement);
        Halos = Own(communicator.Duplicate());
    }

    /// <summary>All ranks of the run.</summary>
    public Communicator Communicator { get; }

    /// <summary>The same ranks again, for halos and moves, whose messages so never meet a job's own.</summary>
    internal Communicator Halos { get; }

    /// <summary>This rank.</summary>
    public int Rank => Communicator.Rank;

    /// <summary>Which cells belong to which part.</summary>
    public Partition Partition { get; }

    /// <summary>Which rank holds which part; another one after parts have moved.</summary>
    public Placement Placement { get; private set; }

    /// <summary>The parts this rank holds now, ascending; possibly none.</summary>
    public IReadOnlyList<int> Parts { get; private set; }

    /// <summary>The blocks of <see cref="Parts"/>.</summary>
    public IEnumerable<Block> Blocks => Parts.Select(part => Partition.Blocks[part]);

    /// <summary>Cells this rank owns now.</summary>
    public long Cells { get; private set; }

    /// <summary>Workload of one step on average, ≥ 0, in a unit of the job's own: the work this rank does. Default: what is counted by <see cref="CountPart"/>, else
    /// cells.</summary>
    public double WorkPerStep { get; set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(WorkPerStep)); } = -1;

    /// <summary>Capability given for this rank [relative]; null when it is to be measured.</summary>
    public double? GivenCapability { get; }

    /// <summary>Steps done, in the runs that this one goes on from too.</summary>
    public long Step { get; private set; }

    /// <summary>A checkpoint's state will take the place of what is loaded and prepared: what only makes a first state can be left out.</summary>
    public bool IsRestarted { get; internal init; }

    /// <summary>The run looks at the job's numbers (<see cref="Resilience.ICheckedJob"/>): what the job would end the run for by itself can be left to it.</summary>
    public bool IsChecked { get; internal init; }

    /// <summary>Seconds in the job's steps, waiting excluded.</summary>
    public double ComputeSeconds => StepSeconds - WaitSeconds;

    /// <summary>Seconds spent waiting for neighbours' messages inside steps.</summary>
    public double WaitSeconds => waited / (double)Stopwatch.Frequency;

    /// <summary>Seconds in the sync protocol, between steps.</summary>
    public double SyncSeconds { get; private set; }

    private double StepSeconds { get; set; }

    /// <summary>Workload so far: W_i = steps × <see cref="WorkPerStep"/>, in the job's unit; cell updates where the job does not count.</summary>
    public double Workload => WorkPerStep >= 0 ? WorkPerStep * (Step - firstStep) : workCounted > 0 ? workCounted : cellsStepped;

    /// <summary>A field over this rank's blocks, zeroed; freed with the particle. Where parts move it moves with them, so all ranks add the
    /// same fields in the same order. Local.</summary>
    /// <typeparam name="T">One cell's value.</typeparam>
    /// <param name="name">For files and messages to people.</param>
    /// <param name="haloWidth">Cells of halo on every side, ≥ 0; in a direction in which the grid has one cell, none.</param>
    /// <exception cref="OverflowException">A block with its halo has more than 2³¹ − 1 cells: cut the grid into more blocks.</exception>
    public Field<T> AddField<T>(string name, int haloWidth = 0) where T : unmanaged
    {
        Field<T> field = Own(new Field<T>(name, Partition, Parts, haloWidth));
        fields.Add(field);
        return field;
    }

    /// <summary>Sets up the exchange of these fields' halos. Collective in the sense that neighbours must do the same; all ranks add the same
    /// exchanges in the same order. Freed with the particle.</summary>
    /// <param name="shape">Faces alone, or edges and corners too.</param>
    /// <param name="fields">One or more, all with halos of the same width; a message carries all of them.</param>
    /// <exception cref="ArgumentException">There is no field, or their halos differ.</exception>
    public HaloExchange<T> AddHaloExchange<T>(HaloShape shape, params Field<T>[] fields) where T : unmanaged
    {
        if (fields.Length == 0 || fields.Any(field => field.HaloWidth != fields[0].HaloWidth))
            throw new ArgumentException("an exchange needs one field or more, all with halos of the same width", nameof(fields));
        long begun = Stopwatch.GetTimestamp();
        HaloExchange<T> exchange = Own(new HaloExchange<T>(this, shape, fields));
        exchanges.Add(exchange);
        // What all would take to be set up again, judged by the quickest: the others had code to compile or the plan to make.
        quickestSetUp = Math.Min(quickestSetUp, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        PlanSeconds = exchanges.Count * quickestSetUp;
        return exchange;
    }

    /// <summary>Ties the life of something to the particle's: disposed with it, in reverse order of making. Local; disposing may be collective.</summary>
    /// <returns>The same.</returns>
    public TOwned Own<TOwned>(TOwned resource) where TOwned : IDisposable
    {
        owned.Add(resource);
        return resource;
    }

    /// <summary>Counts the time since <paramref name="begun"/> as waiting, for jobs with messages of their own; outside steps, where no time counts, it does
    /// nothing. Halo exchanges count theirs by themselves. Local, allocates nothing.</summary>
    /// <param name="begun">When the waiting began (<see cref="Stopwatch.GetTimestamp"/>).</param>
    public void CountWait(long begun)
    {
        if (stepping)
            waited += Stopwatch.GetTimestamp() - begun;
    }

    /// <summary>
    /// Counts the time since <paramref name="begun"/> (<see cref="Stopwatch.GetTimestamp"/>) as spent on one part, for balancing by what
    /// parts cost; a step may count a part more than once. Local, allocates nothing; costs as much as reading the clock.
    /// </summary>
    /// <param name="index">Position among <see cref="Parts"/>, and so among a field's patches.</param>
    /// <param name="work">Work done in that time, in a unit of the job's own that takes about the same time everywhere on a rank; 0 for work counted before.</param>
    public void CountPart(int index, long begun, double work)
    {
        ref (long Ticks, double Work) part = ref counted[index];
        part.Ticks += Stopwatch.GetTimestamp() - begun;
        part.Work += work;
        workCounted += work;
    }

    /// <summary>Of them those that this particle has done.</summary>
    internal long StepsHere => Step - firstStep;

    internal void RestartAt(long step) => Step = firstStep = step;

    /// <summary>The steps since then are taken again; work done is work done.</summary>
    internal void GoBackTo(long step) => (firstStep, Step) = (firstStep + step - Step, step);

    internal void TakeStep(IJob job)
    {
        Tracer? tracer = Communicator.Tracer;
        TraceMark mark = tracer?.Begin(RankActivity.Compute) ?? default;
        long begun = Stopwatch.GetTimestamp();
        stepping = true;
        job.Step(this);
        stepping = false;
        StepSeconds += Stopwatch.GetElapsedTime(begun).TotalSeconds;
        cellsStepped += Cells;
        Step++;
        if (tracer is null)
            return;
        tracer.End(mark, RankActivity.Compute);
        tracer.CountWork(Cells);
        tracer.Step = Step;
    }

    internal void Meet(ISyncProtocol sync, SyncPoint point)
    {
        using TraceScope span = TraceScope.Of(Communicator.Tracer, RankActivity.Sync);
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

    /// <summary>The transfers this rank has a part in. The whole plan depends on the partition alone: it is made once and outlives all moves.</summary>
    internal IEnumerable<HaloTransfer> PlanHalo(int width, HaloShape shape)
    {
        if (!plans.TryGetValue((width, shape), out HaloPlan? plan))
            plans.Add((width, shape), plan = HaloPlan.Create(Partition, width, shape));
        return plan.Transfers.Where(transfer => Placement.RankOf(transfer.Source) == Rank || Placement.RankOf(transfer.Destination) == Rank);
    }

    /// <summary>Time the last set-up of all halo exchanges took; before any has been repeated, what it is likely to take [s].</summary>
    internal double PlanSeconds { get; private set; }

    /// <summary>Time and work counted for one of <see cref="Parts"/> since <see cref="ForgetParts"/>.</summary>
    internal (double Seconds, double Work) CountedIn(int index) => (counted[index].Ticks / (double)Stopwatch.Frequency, counted[index].Work);

    internal void ForgetParts() => Array.Clear(counted);

    /// <summary>What moving each part would send [B]; the same on every rank.</summary>
    internal long[] BytesOfParts() =>
        [.. Enumerable.Range(0, Partition.Parts).Select(part => fields.Sum(field => field.BytesOf(Partition, part)))];

    /// <summary>Gives every rank the parts it holds from now on, with their patches of all fields, and sets up the exchanges anew. Collective.</summary>
    internal void Move(Placement next)
    {
        List<Request> transfers = [];
        foreach (Field field in fields)
            field.StartMove(Halos, MoveTag, Partition, Placement, next, transfers);
        Request.WaitAll(transfers.ToArray());
        foreach (Field field in fields)
            field.FinishMove();
        Take(next);
    }

    /// <summary>Collective.</summary>
    internal void SetUpExchanges()
    {
        long begun = Stopwatch.GetTimestamp();
        foreach (HaloExchange exchange in exchanges)
            exchange.SetUp();
        PlanSeconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    [MemberNotNull(nameof(Placement), nameof(Parts))]
    private void Take(Placement placement)
    {
        Placement = placement;
        Parts = [.. placement.PartsOf(Communicator.Rank)];
        Cells = Parts.Sum(part => Partition.Blocks[part].Cells);
        counted = new (long, double)[Parts.Count];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = owned.Count - 1; i >= 0; i--)
            owned[i].Dispose();
        owned.Clear();
    }
}
