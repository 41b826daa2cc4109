using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Runtime.Resilience;

/// <summary>
/// Leaves checkpoints while a run goes on, and finds the one to go on from. When the next is due rank 0's clock decides; the others hear of
/// it by a reduction of four numbers that is started after one step and collected after the next, so no rank waits for a decision and all
/// save after the same step. What is saved is copied, written in the background, and completed after a step at which every rank is known to
/// be done; one is under way at a time. A checkpoint that cannot be written ends the run: one that was to survive failures does not go on
/// unprotected without notice. A wish to stop goes the same way: whichever rank has heard it, all save after the same step and end.
/// </summary>
/// <remarks>Every method is collective, and called after the same step on every rank.</remarks>
public sealed class Checkpointer : IDisposable
{
    // Should the newest turn out to be damaged, there is the one before.
    private const int Generations = 2;

    // While one is being written the ranks ask each other so often whether all are done.
    private const double SecondsBetweenLooks = 0.05;

    // Steps from one question to the next: so many at most, and half of those that the time left would take, for steps may become slower.
    private const double MostSteps = 1 << 20, PartOfTimeLeft = 0.5;

    // Where somebody may ask the run to stop, it hears of it within so long: batch systems grant tens of seconds at least.
    private const double SecondsToHearOfStop = 1;

    private readonly Communicator communicator;
    private readonly CheckpointDirectory directory;
    private readonly CheckpointOptions options;
    private readonly string job;
    private readonly ulong fingerprint;
    private readonly Question question;
    private CheckpointWriter? underWay;
    private long nextQuestion, askedStep, askedAt = Stopwatch.GetTimestamp(), savedAt = Stopwatch.GetTimestamp(), stopped, stoppedForThis, bytes;
    private double cost = double.NaN;
    private int written;
    private string? warning;

    /// <summary>Opens the directory and, for a restart, the newest checkpoint in it. Collective.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="fingerprint">Of the options that change its result.</param>
    /// <exception cref="UsageException">There is no checkpoint to restart from, or there is one and no restart was asked for.</exception>
    /// <exception cref="SoraException">The directory cannot be written, is in use, or holds checkpoints of another job.</exception>
    public Checkpointer(Communicator communicator, CheckpointOptions options, string job, ulong fingerprint)
    {
        (this.options, this.job, this.fingerprint) = (options, job, fingerprint);
        this.communicator = communicator.Duplicate();
        question = new(this.communicator);
        directory = CheckpointDirectory.Open(this.communicator, options.Directory, Generations, options.KeyFile);
        try
        {
            Start = directory.OpenNewest(job, fingerprint);
            (StartStep, warning) = (Start?.Header.Step ?? 0, Start?.Warning);
            CheckWish();
        }
        catch
        {
            Dispose();                                          // the directory must not stay taken
            throw;
        }
    }

    /// <summary>The checkpoint to go on from, open until <see cref="Restored"/>; null where the run begins at its beginning.</summary>
    public CheckpointReader? Start { get; private set; }

    /// <summary>The step it was made after; 0 without one.</summary>
    public long StartStep { get; }

    /// <summary>Time until the next is due by this rank's clock [s], ≥ 0; infinite where they go by steps.</summary>
    public double SecondsToNext => Math.Max(0, options.Interval.Seconds(cost) - Stopwatch.GetElapsedTime(savedAt).TotalSeconds);

    /// <summary>Steps from one to the next where they go by steps, else the largest number.</summary>
    public long StepsToNext => options.Interval.Steps ?? long.MaxValue;

    /// <summary>Closes the checkpoint the run goes on from. Collective.</summary>
    public void Restored()
    {
        Start?.Dispose();
        (Start, nextQuestion, askedStep) = (null, StartStep, StartStep);
        savedAt = askedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>After each step but the last: saves when it is time, and sees to what is being written. Allocates nothing when there is nothing to do.</summary>
    /// <param name="save">Hands over the state; see <see cref="ICheckpointedJob.Save"/>.</param>
    public void AfterStep(long step, Action<CheckpointWriter> save)
    {
        bool due = options.Interval.Steps is { } every && step % every == 0, stops = false;
        if (question.IsOpen)
            due |= Hear(step, out stops);
        if (due || stops)
            Save(step, save);
        IsStopped |= stops;
        if (!due && !question.IsOpen && step >= nextQuestion)
            Ask(step);
    }

    /// <summary>Saves now: completes the last one first, if it is still under way.</summary>
    public void Save(long step, Action<CheckpointWriter> save)
    {
        Complete();
        long begun = Stopwatch.GetTimestamp();
        stoppedForThis = 0;
        underWay = directory.Begin(new(job, fingerprint, step, Time: step));
        save(underWay);
        underWay.Start();
        savedAt = Stopwatch.GetTimestamp();
        CountStop(begun);
        if (!options.InBackground)
            Complete();
        nextQuestion = step + 1;
    }

    /// <summary>The run was asked to stop, and the last step is saved: instead of the next one every rank throws <see cref="Stopped"/>.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Completes the checkpoint of the last step and returns what every rank throws, once nothing else of the run is under way.</summary>
    public RunStoppedException Stopped(long step)
    {
        Complete();
        return new(step, options.Directory);
    }

    /// <summary>Waits for the one that is under way, if there is one, and puts it in its place.</summary>
    /// <exception cref="SoraException">It could not be written; the one before is as it was.</exception>
    public void Complete()
    {
        question.Close();
        if (underWay is null)
            return;
        long begun = Stopwatch.GetTimestamp();
        bytes = underWay.FileBytes;
        underWay.Complete();
        underWay = null;
        written++;
        CountStop(begun);
        cost = communicator.Allreduce(stoppedForThis / (double)Stopwatch.Frequency, ReduceOperation.Max);
    }

    /// <summary>The run is done and its results are written: no checkpoint of it is needed any more.</summary>
    public CheckpointReport Finish()
    {
        Complete();
        directory.Clear();
        return new(written, bytes, communicator.Allreduce(stopped / (double)Stopwatch.Frequency, ReduceOperation.Max), StartStep > 0 ? StartStep : null) { Warning = warning };
    }

    /// <summary>Local; what is under way is given up.</summary>
    public void Dispose()
    {
        Start?.Dispose();
        underWay?.Dispose();
        directory.Dispose();
        communicator.Dispose();
    }

    private void CheckWish()
    {
        if (Start is null && options.Restart && !options.RestartIsOptional)
            throw new UsageException($"{options.Directory}: there is no checkpoint to go on from; leave out the restart to begin at the beginning");
        if (Start is not null && !options.Restart)
            throw new UsageException($"{options.Directory}: holds a checkpoint after step {StartStep}; go on from it with a restart, or name a directory without any");
    }

    // Rank 0 alone looks at the clock; every rank says whether it is still writing.
    private void Ask(long step)
    {
        double left = SecondsToNext, perStep = Stopwatch.GetElapsedTime(askedAt).TotalSeconds / Math.Max(1, step - askedStep);
        (askedStep, askedAt) = (step, Stopwatch.GetTimestamp());
        double wait = underWay is null ? PartOfTimeLeft * left : SecondsBetweenLooks;
        if (options.Stop.CanBeCanceled)
            wait = Math.Min(wait, SecondsToHearOfStop);
        bool isDue = underWay is null && left == 0;
        question.Ask(isDue, (long)Math.Clamp(wait / Math.Max(perStep, 1e-9), 1, MostSteps), underWay is { IsWritten: false }, options.Stop.IsCancellationRequested);
    }

    private bool Hear(long step, out bool stops)
    {
        (bool isDue, long distance, bool isWriting, stops) = question.Hear();
        nextQuestion = step + distance;
        if (underWay is not null && !isWriting)
            Complete();
        return isDue;
    }

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
