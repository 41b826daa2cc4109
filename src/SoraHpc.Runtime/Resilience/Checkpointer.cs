using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Runtime.Resilience;

/// <summary>
/// Leaves checkpoints while a run goes on, in files, in the memories of the ranks, or both, each in a rhythm of its own, and finds the one to go
/// on from: the newest in memory, which is there only when the run has survived the death of ranks, or that on disk if it is newer or nothing is
/// left in memory. One that cannot be written ends the run: a run that was to survive failures does not go on unprotected without notice.
/// A wish to stop is heard in the rhythm of the files: whichever rank has it, all save after the same step and end.
/// </summary>
/// <remarks>Every method that does not say otherwise is collective, and called after the same step on every rank.</remarks>
public sealed class Checkpointer : IDisposable
{
    // Should the newest turn out to be damaged, there is the one before.
    private const int Generations = 2;

    private readonly CheckpointOptions options;
    private readonly string job;
    private readonly ulong fingerprint;
    private readonly Communicator world;
    private readonly List<Communicator> duplicates = [];
    private readonly CheckpointDirectory? directory;
    private readonly CheckpointCopies? memory;
    private readonly CheckpointRhythm? files, copies;
    private readonly KeptRun kept;
    private string? warning;
    private double? lostSeconds;
    private bool isResized;

    /// <summary>Opens where checkpoints are kept and looks for the one to go on from. Collective.</summary>
    /// <param name="world">All ranks; what they keep in memory is in <see cref="Communicator.Memory"/>.</param>
    /// <param name="options">Where and when; equal on every rank but for <see cref="CheckpointOptions.Stop"/>.</param>
    /// <param name="job">The job's name.</param>
    /// <param name="fingerprint">Of the options that change its result.</param>
    /// <exception cref="UsageException">There is no checkpoint to restart from, or there is one and no restart was asked for.</exception>
    /// <exception cref="SoraException">The directory cannot be written, is in use, or holds checkpoints of another job.</exception>
    public Checkpointer(Communicator world, CheckpointOptions options, string job, ulong fingerprint) : this(world, options, job, fingerprint, null, null) { }

    /// <summary>Opens where checkpoints are kept; looks for the one to go on from unless the run goes on after a resize. Collective.</summary>
    /// <param name="world">The ranks that compute from now on; what they keep in memory is in <see cref="Communicator.Memory"/>.</param>
    /// <param name="options">Where and when; equal on every rank but for <see cref="CheckpointOptions.Stop"/>.</param>
    /// <param name="job">The job's name.</param>
    /// <param name="fingerprint">Of the options that change its result.</param>
    /// <param name="resizedAt">After which step that is; null: it does not.</param>
    /// <param name="before">What this rank had before, disposed; null where it had none.</param>
    /// <exception cref="UsageException">There is no checkpoint to restart from, or there is one and no restart was asked for.</exception>
    /// <exception cref="SoraException">The directory cannot be written, is in use, or holds checkpoints of another job.</exception>
    public Checkpointer(Communicator world, CheckpointOptions options, string job, ulong fingerprint, long? resizedAt, Checkpointer? before)
    {
        (this.world, this.options, this.job, this.fingerprint) = (world, options, job, fingerprint);
        kept = KeptRuns.Of(world).Open(world, job, fingerprint);
        try
        {
            if (options.Copies is { } often)
            {
                memory = CheckpointCopies.Open(Duplicate(), kept.Copies, options.RanksPerNode);
                copies = new(duplicates[^1], memory, often, options.InBackground, job, fingerprint, kept.Saved);
            }
            if (options.Directory is { } path)
            {
                directory = CheckpointDirectory.Open(Duplicate(), path, Generations, options.KeyFile);
                files = new(duplicates[^1], directory, options.Interval, options.InBackground, job, fingerprint, kept.Saved, options.Stop);
            }
            if (resizedAt is { } step)
                Succeed(before, step);
            else
            {
                FindStart();
                StartStep = Start?.Header.Step ?? 0;
            }
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
    public long StartStep { get; private set; }

    /// <summary>Time until the next is due by this rank's clock [s], ≥ 0; infinite where they go by steps.</summary>
    public double SecondsToNext => Math.Min(files?.SecondsToNext ?? double.PositiveInfinity, copies?.SecondsToNext ?? double.PositiveInfinity);

    /// <summary>Steps from <paramref name="step"/> to the next where they go by steps, ≥ 1; else the largest number. Local.</summary>
    public long StepsToNext(long step) => Math.Min(files?.StepsToNext(step) ?? long.MaxValue, copies?.StepsToNext(step) ?? long.MaxValue);

    /// <summary>Closes the checkpoint the run goes on from. Collective.</summary>
    public void Restored() => GoOnAfter(StartStep);

    /// <summary>Before the first step: a copy of the state, unless the run goes on from one, whose copies were made when it was found.</summary>
    /// <param name="save">Hands over the state; see <see cref="ICheckpointedJob.Save"/>.</param>
    public void Begin(long step, Action<CheckpointWriter> save)
    {
        if (!StartsFromMemory || isResized)
            copies?.Save(step, save);
    }

    /// <summary>After each step but the last: saves when it is time, and sees to what is under way. Allocates nothing when there is nothing to do.</summary>
    public void AfterStep(long step, Action<CheckpointWriter> save)
    {
        copies?.AfterStep(step, save);
        files?.AfterStep(step, save);
    }

    /// <summary>Saves now: into memory, and into a file if one is due, the run is to stop, or there is no memory.</summary>
    public void Save(long step, Action<CheckpointWriter> save)
    {
        copies?.Save(step, save);
        if (files is not null && (copies is null || world.Allreduce(files.IsDue(step) || options.Stop.IsCancellationRequested ? 1L : 0, ReduceOperation.Max) != 0))
            files.Save(step, save);
    }

    /// <summary>The run was asked to stop, and the last step is saved: instead of the next one every rank throws <see cref="Stopped"/>.</summary>
    public bool IsStopped => files is { IsStopped: true };

    /// <summary>Completes the checkpoint of the last step and returns what every rank throws, once nothing else of the run is under way.</summary>
    public RunStoppedException Stopped(long step)
    {
        Complete();
        return new(step, options.Directory!);         // only files stop a run
    }

    /// <summary>Waits for what is under way, and makes it count.</summary>
    /// <exception cref="SoraException">It could not be written; the one before is as it was.</exception>
    public void Complete()
    {
        copies?.Complete();
        files?.Complete();
    }

    /// <summary>The run is to take steps again: the newest copy in memory made after <paramref name="lastStep"/> or before, open until
    /// <see cref="GoOnAfter"/>; null where there is none. A file that is being written is given up.</summary>
    public CheckpointReader? GoBack(long lastStep)
    {
        files?.GiveUp();
        copies?.Complete();
        return Start = memory?.OpenNewest(job, fingerprint, lastStep);
    }

    /// <summary>Closes what was opened; the run goes on after a step.</summary>
    public void GoOnAfter(long step)
    {
        Start?.Dispose();
        Start = null;
        copies?.StartAt(step);
        files?.StartAt(step);
    }

    /// <summary>The run is done and its results are written: no checkpoint of it is needed any more.</summary>
    public CheckpointReport Finish()
    {
        Complete();
        CopyReport? made = copies is null ? null : new(copies.Written, copies.Bytes, copies.StoppedSeconds, memory!.OnTheirHost, StartsFromMemory ? StartStep : null);
        directory?.Clear();
        kept.Finish();
        long? from = StartStep > 0 && !StartsFromMemory ? StartStep : null;
        return new(files?.Written ?? 0, files?.Bytes ?? 0, files?.StoppedSeconds ?? 0, from) { Warning = warning, Copies = made, LostSeconds = lostSeconds };
    }

    /// <summary>Local; what is under way is given up.</summary>
    public void Dispose()
    {
        Start?.Dispose();
        files?.Dispose();
        directory?.Dispose();
        copies?.Dispose();
        foreach (Communicator duplicate in duplicates)
            duplicate.Dispose();
    }

    /// <summary>The run that has begun last is done, on other ranks: what this rank, which stands by, still keeps of it is not needed. Local.</summary>
    public static void Forget(Communicator world) => KeptRuns.Of(world).Finish();

    private bool StartsFromMemory { get; set; }

    private void Succeed(Checkpointer? before, long step)
    {
        files?.GoOnAfter(before?.files, step);
        copies?.GoOnAfter(before?.copies, step);
        isResized = true;
        if (before is not null)
            (StartStep, StartsFromMemory, warning, lostSeconds) = (before.StartStep, before.StartsFromMemory, before.warning, before.lostSeconds);
    }

    // Messages of files and copies must not meet.
    private Communicator Duplicate()
    {
        duplicates.Add(world.Duplicate());
        return duplicates[^1];
    }

    private void FindStart()
    {
        Start = memory?.OpenNewest(job, fingerprint);
        string? lost = memory?.Loss;
        long onDisk = directory is null ? -1 : world.Broadcast(world.IsRoot ? NewestCheckpoint.In(directory.Path)?.Step ?? -1 : 0);
        StartsFromMemory = Start is not null && Start.Header.Step >= onDisk;
        if (!StartsFromMemory && directory is not null)
        {
            Start?.Dispose();
            Start = directory.OpenNewest(job, fingerprint);
            CheckWish();
        }
        string from = StartsFromMemory ? $"the copies in memory after step {Start!.Header.Step}" : Start is not null ? $"the file after step {Start.Header.Step}" : "its beginning";
        lostSeconds = KeptRuns.Of(world).Tell(world, kept, Start?.Header.Step ?? 0);
        kept.Saved.Begin();
        warning = lost is not null ? $"{lost}; going on from {from}"
            : Start is null && lostSeconds is not null ? "nothing was saved before the failure; the run began again from its beginning" : Start?.Warning;
    }

    // After a failure that the run has survived it goes on from what there is.
    private void CheckWish()
    {
        if (world.Generation > 0)
            return;
        if (Start is null && options.Restart && !options.RestartIsOptional)
            throw new UsageException($"{options.Directory}: there is no checkpoint to go on from; leave out the restart to begin at the beginning");
        if (Start is not null && !options.Restart)
            throw new UsageException($"{options.Directory}: holds a checkpoint after step {Start.Header.Step}; go on from it with a restart, or name a directory without any");
    }
}
