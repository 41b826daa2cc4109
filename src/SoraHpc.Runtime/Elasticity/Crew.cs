using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Runtime.Events;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Runtime.Elasticity;

/// <summary>
/// Which ranks of the world are particles now: the first so many. The others stand by, asleep, until they are called or the run is over. At a
/// resize all ranks meet, those that are particles from then on get a communicator of their own, and the state goes to them from those that have it.
/// </summary>
/// <remarks>A job does with it what <see cref="Sora.Run"/> does: while <see cref="Active"/> is not null it computes on those ranks, asks <see cref="IsToChange"/> after a step and hands
/// over by <see cref="Save"/>; then, or when all is computed, every rank calls <see cref="GoesOn"/>, and begins again with <see cref="State"/> where that is true.</remarks>
public sealed class Crew : IDisposable
{
    // A rank that stands by for steps of seconds may sleep so long [ms]; it is what a resize waits for it at most.
    private const int LongestNap = 10;

    private const int CallTag = 1;
    private const long ToEnd = 0, ToResize = 1, ToStop = 2;

    private readonly Communicator world;
    private readonly Communicator? control;
    private readonly IElasticity elasticity;
    private readonly long cells;
    private readonly List<ResizeReport> resizes = [];
    private readonly long[] called = new long[2];               // to what, after which step
    private StateHandover? handover;
    private Communicator? successor;
    private Order order;
    private double workBefore;
    private long askedAt, begun;

    /// <param name="world">All ranks.</param>
    /// <param name="elasticity">How many are particles.</param>
    /// <param name="cells">Cells there are to compute; 0 where nobody can say.</param>
    /// <exception cref="UsageException">A schedule for more ranks than there are.</exception>
    /// <exception cref="SoraException">A number of particles that there cannot be, or other ones than on rank 0.</exception>
    /// <remarks>Collective.</remarks>
    public Crew(Communicator world, IElasticity elasticity, long cells)
    {
        (this.world, this.elasticity, this.cells) = (world, elasticity, cells);
        // What ranks have in memory of a run that has lost some is with all that are left, be they fewer than a schedule is for; the next question sees to their number.
        Size = world.Generation > 0 ? world.Size : elasticity.Particles(world.Size, cells);
        Agreement.Check(world, (ulong)Size, $"{elasticity} wants other particles here than on rank 0: it must give the same answer on every rank");
        Refuse(Size);
        if (Size == world.Size && elasticity.Interval == 0)
            Active = world;
        else
            (control, Active) = (world.Duplicate(), world.Split(world.Rank < Size ? 0 : -1, world.Rank));
        if (Active is null)
            KeptRuns.Of(world).StandBy();
    }

    /// <summary>The particles' ranks; null on a rank that stands by. Owned by the crew; another one after each <see cref="GoesOn"/> that is true.</summary>
    public Communicator? Active { get; private set; }

    /// <summary>Particles there are.</summary>
    public int Size { get; private set; }

    /// <summary>The state to go on from after a resize, until <see cref="Settle"/>; null at the beginning.</summary>
    public CheckpointReader? State { get; private set; }

    /// <summary>After which step the state is.</summary>
    public long Step => order.Step;

    /// <summary>The changes so far, on the root.</summary>
    public IReadOnlyList<ResizeReport> Resizes => resizes;

    /// <summary>After a step, on the particles: whether their number is to change. Collective among them at every <see cref="IElasticity.Interval"/>th step.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="workload">What this rank has done since it is a particle.</param>
    /// <exception cref="SoraException">A number of particles that there cannot be, or other ones than on rank 0.</exception>
    public bool IsToChange(long step, double workload)
    {
        if (elasticity.Interval == 0 || step % elasticity.Interval != 0 || Active is not { } ranks)
            return false;
        double work = ranks.Allreduce(workload - workBefore, ReduceOperation.Sum) / Math.Max(1, step - askedAt);
        (workBefore, askedAt) = (workload, step);
        order = order with { Work = work, MostWork = Math.Max(order.MostWork, work) };
        int answer = elasticity.Resize(new(step, world.Size, Size, cells, work, order.MostWork));
        Agreement.Check(ranks, (ulong)answer, $"{elasticity} wants other particles after step {step} here than on rank 0: it must give the same answer on every rank");
        answer = world.Generation > 0 ? Math.Min(answer, world.Size) : answer;
        Refuse(answer);
        order = order with { From = Size, To = answer, Step = step };
        return answer != Size;
    }

    /// <summary>On a rank that stands by, after <see cref="GoesOn"/> was false: the particles were asked to stop and are saved after this step; null: they were not.</summary>
    public long? StoppedAt { get; private set; }

    /// <summary>The run was asked to stop: those that stand by end with the particles. On the particles, after the state is saved; instead of <see cref="GoesOn"/>.</summary>
    /// <param name="step">After which step it is saved; equal on the particles.</param>
    public void Stop(long step) => Call(ToStop, step);

    /// <summary>Takes the state after a step out of the job, to hand it over. Collective among the particles.</summary>
    /// <param name="header">Whose state it is, and after which step; equal on the particles.</param>
    /// <param name="save">Hands it over; see <see cref="ICheckpointedJob.Save"/>.</param>
    public void Save(CheckpointHeader header, Action<CheckpointWriter> save)
    {
        begun = Stopwatch.GetTimestamp();
        Call(ToResize, header.Step);
        Regroup();
        using CheckpointWriter writer = handover!.Begin(header);
        save(writer);
        writer.Start();
        writer.Complete();
    }

    /// <summary>Whether the run goes on, with <see cref="Size"/> particles from <see cref="State"/>; false when it is over. A rank that is no particle waits here. Collective.</summary>
    public bool GoesOn()
    {
        if (handover is null && Active is not null)             // no state was taken: the job is done
        {
            Call(ToEnd, 0);
            return false;
        }
        if (handover is null)
        {
            long what = AwaitCall();
            StoppedAt = what == ToStop ? called[1] : null;
            if (what != ToResize)
                return false;
            Regroup();
        }
        TakeOver();
        return true;
    }

    /// <summary>The job has the state it goes on from, after a resize or from a checkpoint; without one it may say step 0. Collective among the particles.</summary>
    /// <param name="step">After which step that is: from there on work is counted.</param>
    public void Settle(long step)
    {
        askedAt = step;
        if (handover is null)
            return;
        handover.Finish();
        Conclude();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        handover?.Dispose();
        if (Active != world)
            Active?.Dispose();
        control?.Dispose();
    }

    // Ranks that are particles know already.
    private void Call(long what, long step)
    {
        ReadOnlySpan<long> call = [what, step];
        for (int rank = Size; world.IsRoot && rank < world.Size; rank++)
            control!.Send(call, rank, CallTag);
    }

    private long AwaitCall()
    {
        using TraceScope span = TraceScope.Of(world.Tracer, RankActivity.Idle);
        Request call = control!.StartReceive<long>(called, 0, CallTag);
        new IdleWait(control, LongestNap).WaitAny([call], out _);
        return called[0];
    }

    private void Regroup()
    {
        order = control!.Broadcast(order);
        successor = control.Split(world.Rank < order.To ? 0 : -1, world.Rank);
        handover = new(control, saving: Active, going: successor);
    }

    private void TakeOver()
    {
        State = handover!.Open();
        Active?.Dispose();
        (Active, Size, successor) = (successor, order.To, null);
        (workBefore, askedAt) = (0, order.Step);
        if (Active is not null)
            return;
        handover.Serve();
        Conclude();
    }

    private void Conclude()
    {
        long moved = control!.Allreduce(handover!.ReceivedBytes, ReduceOperation.Sum);
        if (world.IsRoot)
            resizes.Add(new(order.Step, order.From, order.To, order.Work, Stopwatch.GetElapsedTime(begun).TotalSeconds, handover.Bytes, moved));
        State?.Dispose();
        handover.Dispose();
        (State, handover) = (null, null);
    }

    private void Refuse(int particles)
    {
        if (particles < 1 || particles > world.Size)
            throw new SoraException($"{elasticity} wants {particles} particles: there are {world.Size} ranks, and a run has 1 particle or more");
    }

    // What all ranks have to know at a resize.
    private readonly record struct Order(int From, int To, long Step, double Work, double MostWork);
}
