using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Runtime.Resilience;

/// <summary>
/// Saves into one home when it is time. Rank 0's clock decides; the others hear of it by a reduction of four numbers that is started after
/// one step and collected after the next, so no rank waits for a decision and all save after the same step. What is saved is copied, brought
/// home in the background, and completed after a step at which every rank is known to be done; one is under way at a time.
/// A wish to stop goes the same way: whichever rank has heard it, all save after the same step.
/// </summary>
/// <remarks>Every method is collective, and called after the same step on every rank.</remarks>
internal sealed class CheckpointRhythm : IDisposable
{
    // While one is being written the ranks ask each other so often whether all are done.
    private const double SecondsBetweenLooks = 0.05;

    // Steps from one question to the next: so many at most, and half of those that the time left would take, for steps may become slower.
    private const double MostSteps = 1 << 20, PartOfTimeLeft = 0.5;

    // Where somebody may ask the run to stop, it hears of it within so long: batch systems grant tens of seconds at least.
    private const double SecondsToHearOfStop = 1;

    private readonly Communicator communicator;
    private readonly CheckpointHome home;
    private readonly CheckpointInterval interval;
    private readonly bool inBackground;
    private readonly string job;
    private readonly ulong fingerprint;
    private readonly SavedMoments saved;
    private readonly Question question;
    private readonly CancellationToken stop;
    private CheckpointWriter? underWay;
    private long nextQuestion, askedStep, askedAt = Stopwatch.GetTimestamp(), savedAt = Stopwatch.GetTimestamp(), stopped, stoppedForThis;
    private double cost = double.NaN;

    /// <param name="communicator">As the home's; not disposed here.</param>
    /// <param name="saved">Is told of every state that is saved.</param>
    /// <param name="stop">Asks the run to end early.</param>
    internal CheckpointRhythm(Communicator communicator, CheckpointHome home, CheckpointInterval interval, bool inBackground, string job, ulong fingerprint, SavedMoments saved, CancellationToken stop = default)
    {
        (this.saved, this.stop) = (saved, stop);
        (this.communicator, this.home, this.interval, this.inBackground) = (communicator, home, interval, inBackground);
        (this.job, this.fingerprint, question) = (job, fingerprint, new(communicator));
    }

    /// <summary>Time until the next is due by this rank's clock [s], ≥ 0; infinite where they go by steps.</summary>
    internal double SecondsToNext => Math.Max(0, interval.Seconds(cost) - Stopwatch.GetElapsedTime(savedAt).TotalSeconds);

    /// <summary>Steps from <paramref name="step"/> to the next where they go by steps, ≥ 1; else the largest number. Local.</summary>
    internal long StepsToNext(long step) => interval.Steps is { } every ? every - step % every : long.MaxValue;

    /// <summary>After <paramref name="step"/>: by the step's number, or by the clock, which is rank 0's alone. Local.</summary>
    internal bool IsDue(long step) => interval.Steps is { } every ? step % every == 0 : communicator.IsRoot && SecondsToNext == 0;

    /// <summary>The run was asked to stop, and the last step is saved.</summary>
    internal bool IsStopped { get; private set; }

    /// <summary>Complete ones.</summary>
    internal int Written { get; private set; }

    /// <summary>Of the last complete one, over all ranks.</summary>
    internal long Bytes { get; private set; }

    /// <summary>For so long the run stood still for them on the slowest rank [s]. Collective.</summary>
    internal double StoppedSeconds => communicator.Allreduce(stopped / (double)Stopwatch.Frequency, ReduceOperation.Max);

    /// <summary>The run goes on from a step, new or once more.</summary>
    internal void StartAt(long step)
    {
        (nextQuestion, askedStep) = (step, step);
        savedAt = askedAt = Stopwatch.GetTimestamp();
        NoteSaved(step);
    }

    /// <summary>These ranks go on from a step as others have come to it: what they counted goes on, and the next is due when it was.</summary>
    internal void GoOnAfter(CheckpointRhythm? before, long step)
    {
        StartAt(step);
        if (before is not null)
            (savedAt, cost, stopped, Written, Bytes) = (before.savedAt, before.cost, before.stopped, before.Written, before.Bytes);
    }

    /// <summary>After each step but the last: saves when it is time, and sees to what is being written. Allocates nothing when there is nothing to do.</summary>
    /// <param name="save">Hands over the state; see <see cref="ICheckpointedJob.Save"/>.</param>
    internal void AfterStep(long step, Action<CheckpointWriter> save)
    {
        bool due = interval.Steps is not null && IsDue(step), stops = false;
        if (question.IsOpen)
            due |= Hear(step, out stops);
        if (due || stops)
            Save(step, save);
        IsStopped |= stops;
        if (!due && !question.IsOpen && step >= nextQuestion)
            Ask(step);
    }

    /// <summary>Saves now: completes the last one first, if it is still under way.</summary>
    internal void Save(long step, Action<CheckpointWriter> save)
    {
        Complete();
        using TraceScope span = TraceScope.Of(communicator.Tracer, RankActivity.Checkpoint);
        long begun = Stopwatch.GetTimestamp();
        stoppedForThis = 0;
        underWay = home.Begin(new(job, fingerprint, step, Time: step));
        save(underWay);
        underWay.Start();
        savedAt = Stopwatch.GetTimestamp();
        NoteSaved(step);
        CountStop(begun);
        if (!inBackground)
            Complete();
        nextQuestion = step + 1;
    }

    /// <summary>Waits for the one that is under way, if there is one, and puts it in its place.</summary>
    /// <exception cref="SoraException">It could not be written; the one before is as it was.</exception>
    internal void Complete()
    {
        question.Close();
        if (underWay is null)
            return;
        using TraceScope span = TraceScope.Of(communicator.Tracer, RankActivity.Checkpoint);
        long begun = Stopwatch.GetTimestamp();
        Bytes = underWay.Bytes;
        underWay.Complete();
        underWay = null;
        Written++;
        CountStop(begun);
        cost = communicator.Allreduce(stoppedForThis / (double)Stopwatch.Frequency, ReduceOperation.Max);
    }

    /// <summary>What is under way is not to count.</summary>
    internal void GiveUp()
    {
        question.Close();
        underWay?.Dispose();
        underWay = null;
    }

    /// <summary>Local; what is under way is given up.</summary>
    public void Dispose()
    {
        underWay?.Dispose();
        home.Dispose();
    }

    // Rank 0 alone looks at the clock; every rank says whether it is still writing.
    private void Ask(long step)
    {
        double left = SecondsToNext, perStep = Stopwatch.GetElapsedTime(askedAt).TotalSeconds / Math.Max(1, step - askedStep);
        (askedStep, askedAt) = (step, Stopwatch.GetTimestamp());
        double wait = underWay is null ? PartOfTimeLeft * left : SecondsBetweenLooks;
        if (stop.CanBeCanceled)
            wait = Math.Min(wait, SecondsToHearOfStop);
        bool isDue = underWay is null && left == 0;
        question.Ask(isDue, (long)Math.Clamp(wait / Math.Max(perStep, 1e-9), 1, MostSteps), underWay is { IsWritten: false }, stop.IsCancellationRequested);
    }

    private bool Hear(long step, out bool stops)
    {
        (bool isDue, long distance, bool isWriting, stops) = question.Hear();
        nextQuestion = step + distance;
        if (underWay is not null && !isWriting)
            Complete();
        return isDue;
    }

    private void NoteSaved(long step) => saved.Note(step, inFile: home is CheckpointDirectory);

    private void CountStop(long begun)
    {
        long took = Stopwatch.GetTimestamp() - begun;
        stopped += took;
        stoppedForThis += took;
    }

    /// <summary>Four numbers that all ranks come to know: what rank 0's clock says, and whether any rank is writing or has been asked to stop.</summary>
    private sealed class Question(Communicator communicator)
    {
        private readonly long[] said = new long[4], heard = new long[4];
        private Request request;

        internal bool IsOpen { get; private set; }

        internal void Ask(bool isDue, long distance, bool isWriting, bool isToStop)
        {
            (said[0], said[1]) = communicator.IsRoot ? (isDue ? 1 : 0, distance) : (0, 0);
            (said[2], said[3]) = (isWriting ? 1 : 0, isToStop ? 1 : 0);
            request = communicator.StartAllreduce<long>(said, heard, ReduceOperation.Max);
            IsOpen = true;
        }

        internal (bool IsDue, long Distance, bool IsWriting, bool IsToStop) Hear()
        {
            Close();
            return (heard[0] != 0, heard[1], heard[2] != 0, heard[3] != 0);
        }

        internal void Close()
        {
            request.Wait();
            IsOpen = false;
        }
    }
}
