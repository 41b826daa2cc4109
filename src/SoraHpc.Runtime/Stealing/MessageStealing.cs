using System.Diagnostics;
using SoraHpc.Communication;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// Stealing between nodes by messages. A thief makes a receive ready and asks; the victim answers between two batches with tasks from the
/// old end of its queue, or with none. A thief has one question open at a time, goes on looking inside its node and answers others meanwhile.
/// </summary>
/// <remarks>A message of 8 B there, one of the tasks back. Asking and answering allocate nothing once the buffers exist.</remarks>
internal sealed unsafe class MessageStealing<TTask>(Communicator all, StealingBoard<TTask> board, StealingOptions options, ProbedTransport probed)
    : RemoteStealing<TTask>(all, board, options, probed) where TTask : unmanaged
{
    // Answers under way from one rank; those who ask while all are get none.
    private const int AnswersAtOnce = 4, Nobody = -1;

    // A deep and narrow tree of tasks never has more than some tens waiting; asking for more at once would starve the others.
    private const int LargestLeastGift = 16;

    private readonly AlignedBuffer<double> question = new(1);
    private readonly AlignedBuffer<TTask> answer = new(options.OfferedTasks);
    private readonly AlignedBuffer<TTask>?[] gifts = new AlignedBuffer<TTask>?[AnswersAtOnce];
    private readonly Request[] giving = new Request[AnswersAtOnce];
    private readonly int capacity = options.OfferedTasks;
    private Request asking, answering;
    private int asked = Nobody;
    private long since;

    internal override bool IsWaiting => asked != Nobody;

    internal override int Steal(int victim, TaskQueue<TTask> queue, double rate)
    {
        asked = victim;
        Tries++;
        since = Stopwatch.GetTimestamp();
        question.Address[0] = rate;
        answering = All.StartReceive<TTask>(answer.Memory, victim, AnswerTag);
        asking = All.StartSend<double>(question.Memory, victim, AskTag);
        return 0;
    }

    /// <summary>Collective.</summary>
    public override void Dispose()
    {
        ((IDisposable)question).Dispose();
        ((IDisposable)answer).Dispose();
        foreach (IDisposable? gift in gifts)
            gift?.Dispose();
        base.Dispose();
    }

    protected override void Answer(int thief, TaskQueue<TTask> queue, double rate)
    {
        double thiefRate = All.Receive<double>(thief, AskTag);
        int half = IsStopping ? 0 : queue.Count / 2, slot = half == 0 || half < Math.Min(LeastWorth(rate), LargestLeastGift) ? Nobody : FreeSlot();
        if (slot == Nobody)
        {
            All.Send(ReadOnlySpan<TTask>.Empty, thief, AnswerTag);      // the receive is ready, and nothing is in it: this does not wait
            return;
        }
        int count = Math.Clamp((int)ShareOf(queue.Count, thief, All.Rank, thiefRate, rate), 1, Math.Min(half, capacity));
        AlignedBuffer<TTask> gift = gifts[slot] ??= new(capacity);
        queue.Oldest(count).CopyTo(gift.GetSpan());
        queue.DropOldest(count);
        Sent++;
        giving[slot] = All.StartSend<TTask>(gift.Memory[..count], thief, AnswerTag);
    }

    protected override int TakeAnswer(TaskQueue<TTask> queue)
    {
        if (asked == Nobody || !answering.Test(out Status status))
            return 0;
        asking.Wait();                          // what was asked has been read
        asked = Nobody;
        int count = (int)status.Count<TTask>();
        if (count == 0)
            return 0;
        Received++;
        queue.Push(new ReadOnlySpan<TTask>(answer.Address, count));
        ReportSteal(Stopwatch.GetTimestamp() - since);
        return count;
    }

    protected override bool AllSent() => Request.TestAll(giving);

    private int FreeSlot()
    {
        for (int slot = 0; slot < giving.Length; slot++)
            if (giving[slot].Test(out _))
                return slot;
        return Nobody;
    }
}
