using System.Runtime.InteropServices;

namespace SoraHpc.Diagnostics.Tracing;

/// <summary>
/// What a rank is doing right now, where others can see it: one cache line that its own threads write and a watcher reads at any time. The
/// activity, the other rank and a count of changes are one word, so that a reader never sees halves of two.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct RankState
{
    private const int PeerShift = 8, ChangesShift = 32;
    private const long PeerMask = 0xff_ffff;

    /// <summary>Activity : 8 | other rank + 1 : 24 | changes : 32.</summary>
    internal long Word;

    /// <summary>Steps done.</summary>
    internal long Step;

    /// <summary>Counted up about once a second by a thread that does nothing else: stands still only when the whole process does.</summary>
    internal long Beats;

    /// <summary>The process.</summary>
    internal long Process;

    internal static long Pack(RankActivity activity, int peer, long changes) => (long)activity | (peer + 1 & PeerMask) << PeerShift | changes << ChangesShift;

    internal static RankActivity ActivityOf(long word) => (RankActivity)(word & 0xff);

    internal static int PeerOf(long word) => (int)(word >> PeerShift & PeerMask) - 1;

    /// <summary>What the rank was seen doing.</summary>
    public readonly RankSighting Read()
    {
        long word = Volatile.Read(in Word);
        return new(ActivityOf(word), PeerOf(word), word, Volatile.Read(in Step), Volatile.Read(in Beats), Volatile.Read(in Process));
    }

    /// <summary>Says which process it is; once, before anything else.</summary>
    public void Open(int process) => (Process, Word, Step, Beats) = (process, 0, 0, 1);

    /// <summary>The process still runs. From any one thread.</summary>
    public void Beat() => Volatile.Write(ref Beats, Beats + 1);
}

/// <summary>A rank's state as it was at one moment; blittable.</summary>
/// <param name="Activity">What it does.</param>
/// <param name="Peer">The rank it does it with or waits for; −1 for none or several.</param>
/// <param name="Mark">Changes with every activity.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Beats">Changes while the process runs.</param>
/// <param name="Process">Its number on its machine; 0 before the rank has said anything.</param>
public readonly record struct RankSighting(RankActivity Activity, int Peer, long Mark, long Step, long Beats, long Process);
