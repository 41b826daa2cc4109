using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Runtime.Events;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// Stealing between nodes, as one rank sees it: what it offers to other nodes, what it takes from them, and the end of the run over all of
/// them. Called between batches and by idle ranks only.
/// </summary>
internal abstract class RemoteStealing<TTask>(Communicator all, StealingBoard<TTask> board, StealingOptions options, ProbedTransport probed) : IDisposable
    where TTask : unmanaged
{
    /// <summary>A poll may cost one part in so many of the time.</summary>
    private const int TimePerPoll = 64;

    // A rank that stops because a task has failed gives this to a wave on top of its count, which no count reaches.
    private const long Stopping = 1L << 40;

    protected const int AskTag = 1, AnswerTag = 2, StopTag = 3;

    private readonly TerminationDetector end = new(all, (earlier, later) => later.Sent >= Stopping || TerminationDetector.FourCounter(earlier, later));
    private readonly List<Request> stops = [];

    /// <summary>All ranks of the pool; its messages are the pool's alone.</summary>
    protected Communicator All { get; } = all;

    /// <summary>Tasks handed to a rank and got by one, in pieces: what the waves of the end add up.</summary>
    protected long Sent { get; set; }

    /// <inheritdoc cref="Sent"/>
    protected long Received { get; set; }

    /// <summary>A task has failed: what is left of them stays where it is.</summary>
    protected bool IsStopping => board.HasFailed;

    /// <summary>What a steal takes [ticks of the clock]: at first as probed, then a mean over the last few of this rank's own.</summary>
    protected double StealTicks { get; private set; } = probed.StealSeconds * Stopwatch.Frequency;

    /// <summary>Most ticks between two calls of <see cref="Serve"/> by a rank with tasks; infinite where others need none.</summary>
    internal double ServeTicks { get; } = probed.NeedsPolls ? TimePerPoll * probed.PollTicks : double.PositiveInfinity;

    /// <summary>Claims made where tasks were seen, and questions asked.</summary>
    internal long Tries { get; private protected set; }

    /// <summary>An answer is on its way here: no use asking anybody else on another node.</summary>
    internal virtual bool IsWaiting => false;

    /// <summary>Nothing of this rank's is there for other nodes to take.</summary>
    internal virtual bool WantsOffer => false;

    /// <summary>Starts a run; no rank has tasks from a run before.</summary>
    internal void Open() => Sent = Received = Tries = 0;

    /// <summary>Offers up to <paramref name="count"/> of the oldest tasks.</summary>
    internal virtual void Offer(TaskQueue<TTask> queue, int count, double rate) { }

    /// <summary>Takes back what is offered and nobody has claimed; returns how many tasks.</summary>
    internal virtual int Reclaim(TaskQueue<TTask> queue) => 0;

    /// <summary>Tries to take tasks from a rank of another node; returns how many came, which may be 0 because they are still to come.</summary>
    internal abstract int Steal(int victim, TaskQueue<TTask> queue, double rate);

    /// <summary>Before a claim, for a rank that claims is active again; a claim that gets nothing only delays the end.</summary>
    internal void CountClaim()
    {
        Sent++;
        Received++;
    }

    /// <summary>Carries out what others want of this rank, and gives MPI the chance to. Never waits. Returns how many tasks an answer has brought.</summary>
    internal int Serve(TaskQueue<TTask> queue, double rate)
    {
        while (All.TryProbe(out Status status))
            if (status.Tag == StopTag)
            {
                All.Receive<byte>(status.Source, StopTag);
                board.Fail();
            }
            else
                Answer(status.Source, queue, rate);
        return TakeAnswer(queue);
    }

    /// <summary>For a rank without tasks, or one that stops: true when the run has ended, on all ranks in the same wave.</summary>
    internal bool HasEnded()
    {
        end.Join(Sent + (IsStopping ? Stopping : 0), Received);
        return end.Wave.Test(out _) && end.End();
    }

    /// <summary>Tells the other nodes that a task has failed here.</summary>
    internal void TellFailure(ReadOnlySpan<int> mates)
    {
        for (int rank = 0; rank < All.Size; rank++)
            if (mates[rank] < 0)
                stops.Add(All.StartSend<byte>(new byte[1], rank, StopTag, SendMode.Synchronous));
    }

    /// <summary>After the end: takes in the messages that are still under way. Collective.</summary>
    internal void Finish(TaskQueue<TTask> queue)
    {
        // All that this rank has sent is received, and what it asked is answered, before it joins; so when all have, none is left.
        while (IsWaiting || !AllSent() || !stops.TrueForAll(stop => stop.Test(out _)))
            Serve(queue, 0);
        stops.Clear();
        Request all = All.StartBarrier();
        while (!all.Test(out _))
            Serve(queue, 0);
    }

    /// <summary>The waves' and the messages' memory. Collective.</summary>
    public virtual void Dispose() => end.Dispose();

    /// <summary>Tasks that take <see cref="StealingOptions.WorkPerSteal"/> times as long as a steal, at <paramref name="rate"/> tasks per second.</summary>
    internal double LeastWorth(double rate) => options.WorkPerSteal * rate * StealTicks / Stopwatch.Frequency;

    /// <summary>What a thief gets of <paramref name="count"/> tasks: its share, but so many that the steal is worth it, where half of them are.</summary>
    protected double ShareOf(int count, int thief, int victim, double thiefRate, double victimRate)
    {
        if (options.Capabilities.Length > 0)
            (thiefRate, victimRate) = (options.Capabilities[thief], options.Capabilities[victim]);
        double share = thiefRate > 0 && victimRate > 0 ? thiefRate / (thiefRate + victimRate) : 0.5;
        return Math.Max(share * count, Math.Min(LeastWorth(victimRate), count / 2));
    }

    protected void ReportSteal(long ticks) => StealTicks = StealTicks == 0 ? ticks : StealTicks + (ticks - StealTicks) / 8;

    /// <summary>Answers a rank that asks for tasks.</summary>
    protected virtual void Answer(int thief, TaskQueue<TTask> queue, double rate) { }

    /// <summary>Takes the tasks that have come since; returns how many.</summary>
    protected virtual int TakeAnswer(TaskQueue<TTask> queue) => 0;

    /// <summary>No message of this rank's still holds memory.</summary>
    protected virtual bool AllSent() => true;
}
