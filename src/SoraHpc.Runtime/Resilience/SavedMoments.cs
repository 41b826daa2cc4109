using System.Diagnostics;

namespace SoraHpc.Runtime.Resilience;

/// <summary>When this rank last had a run's state saved, and after which steps, so that after a failure it can say what work is lost.</summary>
internal sealed class SavedMoments
{
    // Of each kind one that counts, the one before, and one under way.
    private const int OfAKind = 3;

    private readonly (long Step, long At)[] files = new (long, long)[OfAKind], copies = new (long, long)[OfAKind];
    private long begun = Stopwatch.GetTimestamp();
    private int nextFile, nextCopy;

    /// <summary>The state after a step is saved, or is the one that the run goes on from.</summary>
    internal void Note(long step, bool inFile)
    {
        if (inFile)
            files[nextFile++ % OfAKind] = (step, Stopwatch.GetTimestamp());
        else
            copies[nextCopy++ % OfAKind] = (step, Stopwatch.GetTimestamp());
    }

    /// <summary>The run begins, or begins again.</summary>
    internal void Begin() => begun = Stopwatch.GetTimestamp();

    /// <summary>When the state after a step was saved (<see cref="Stopwatch.GetTimestamp"/>); when the run began where that was not seen.</summary>
    internal long When(long step) =>
        files.Concat(copies).Where(moment => moment.At > 0 && moment.Step == step).Select(moment => moment.At).DefaultIfEmpty(begun).Max();
}
