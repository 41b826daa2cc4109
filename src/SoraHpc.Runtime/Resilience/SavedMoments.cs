using System.Diagnostics;

namespace SoraHpc.Runtime.Resilience;

/// <summary>When this rank last had the run's state saved, and after which steps. Kept in its memory, so that after a failure it can say what work is lost.</summary>
internal sealed class SavedMoments
{
    // Of each kind one that counts, the one before, and one under way.
    private const int OfAKind = 3;

    private readonly (long Step, long At)[] files = new (long, long)[OfAKind], copies = new (long, long)[OfAKind];
    private readonly long begun = Stopwatch.GetTimestamp();
    private int nextFile, nextCopy;

    /// <summary>The state after a step is saved, or is the one that the run goes on from.</summary>
    internal void Note(long step, bool inFile)
    {
        if (inFile)
            files[nextFile++ % OfAKind] = (step, Stopwatch.GetTimestamp());
        else
            copies[nextCopy++ % OfAKind] = (step, Stopwatch.GetTimestamp());
    }

    /// <summary>Time since the state after a step was saved; since the run began when that was not seen.</summary>
    internal TimeSpan Since(long step) =>
        Stopwatch.GetElapsedTime(files.Concat(copies).Where(moment => moment.At > 0 && moment.Step == step).Select(moment => moment.At).DefaultIfEmpty(begun).Max());
}
